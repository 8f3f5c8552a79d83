# SPDX-License-Identifier: Apache-2.0
"""Elaborates one module of rtl/ alone with one of the three tools.

usage: rtl_lint.py verilator|yosys|icarus RTL_DIR MODULE
MODULE is the stem of RTL_DIR/MODULE.sv; the modules that it instantiates are found by name in
RTL_DIR. Packages (*_pkg.sv) are read first. MODULE = packages reads the packages alone.
"""
import glob
import os
import subprocess
import sys
import tempfile

# A module uses a part of a package: what it leaves unused is no fault of either.
WAIVERS = """`verilator_config
lint_off -rule UNUSEDPARAM -file "*_pkg.sv"
"""
EMPTY_TOP = "module packages;\nendmodule\n"


def command(tool, rtl, module, source, packages, waivers):
    files = packages + [source]
    if tool == "verilator":
        return ["verilator", "--lint-only", "-Wall", "-I" + rtl, "-y", rtl,
                "--top-module", module, waivers] + files
    if tool == "yosys":
        script = (f"read_verilog -lib +/xilinx/cells_sim.v; read_verilog -sv -I{rtl} {' '.join(files)}; "
                  f"hierarchy -check -top {module} -libdir {rtl}; proc; check -assert")
        return ["yosys", "-q", "-p", script]
    if tool == "icarus":
        return ["iverilog", "-g2012", "-tnull", "-I", rtl, "-y", rtl, "-Y", ".sv",
                "-s", module] + files
    raise ValueError(f"tool {tool}: must be verilator, yosys or icarus")


def package_order(rtl):
    """Packages of rtl, each after those that it names."""
    texts = {}
    for path in sorted(glob.glob(os.path.join(glob.escape(rtl), "*_pkg.sv"))):
        with open(path, encoding="utf-8") as file:
            texts[path] = file.read()
    ordered = []

    def visit(path):
        if path in ordered:
            return
        for other, _ in texts.items():
            name = os.path.basename(other)[:-len(".sv")]
            if other != path and name + "::" in texts[path]:
                visit(other)
        ordered.append(path)

    for path in texts:
        visit(path)
    return ordered


def lint(tool, rtl, module):
    """Exit status of the tool; a tool that is not there raises."""
    with tempfile.TemporaryDirectory() as scratch:
        source = os.path.join(rtl, module + ".sv")
        if module == "packages":
            source = os.path.join(scratch, "packages.sv")
            with open(source, "w", encoding="utf-8") as file:
                file.write(EMPTY_TOP)
        waivers = os.path.join(scratch, "waivers.vlt")
        with open(waivers, "w", encoding="utf-8") as file:
            file.write(WAIVERS)
        words = command(tool, rtl, module, source, package_order(rtl), waivers)
        return subprocess.run(words, check=False).returncode


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    return 1 if lint(*arguments) != 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
