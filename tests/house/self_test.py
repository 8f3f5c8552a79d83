# SPDX-License-Identifier: Apache-2.0
"""The house checks are seen to fail: each finds what is planted in a temporary tree."""
import contextlib
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house  # noqa: E402
import rtl_lint  # noqa: E402

SPDX = "// " + house.SPDX.decode() + "\n"
CLEAN_MODULE = SPDX + """module tf_clean #(
  parameter int Width = 4
) (
  input  logic             clk_i,
  input  logic [Width-1:0] a_i,
  output logic [Width-1:0] q_o
);
  logic [Width-1:0] q_q;
  always_ff @(posedge clk_i) q_q <= a_i ^ Width'(tf_x_pkg::Key);
  assign q_o = q_q;
endmodule
"""
PACKAGE = SPDX + """package tf_x_pkg;
  localparam int Key = 5;
  localparam int Spare = 6;
endpackage
"""


class Tree(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = scratch.name

    def plant(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def run_check(self, name):
        return house.CHECKS[name](self.root, house.list_files(self.root))


class Includes(Tree):
    def rejected(self, path, include):
        self.plant(path, f"{SPDX}#include {include}\n")
        errors = self.run_check("includes")
        os.remove(os.path.join(self.root, path))
        if errors:
            self.assertTrue(errors[0].startswith(path + ":2: includes "), errors[0])
        return bool(errors)

    def test_rule_both_ways(self):
        folders = ["common", "models", "codegen", "codegen/plan", "host/cpu", "host/driver",
                   "host/cli", "sim", "tests"]
        may = {
            "common": "common",
            "models": "common models",
            "codegen": "common models codegen codegen/plan",
            "codegen/plan": "common models codegen codegen/plan",
            "host/cpu": "common models codegen/plan host/cpu",
            "host/driver": "common host/driver",
            "sim": "common models codegen codegen/plan host/cpu host/driver sim",
            "host/cli": "common models codegen codegen/plan host/cpu host/driver host/cli sim",
            "tests": " ".join(folders),
        }
        for owner in folders:
            for target in folders:
                with self.subTest(owner=owner, target=target):
                    self.assertEqual(self.rejected(f"{owner}/a.cc", f'"{target}/b.h"'),
                                     target not in may[owner].split())

    def test_spaces_and_angles(self):
        self.plant("models/m.h", SPDX)
        self.assertTrue(self.rejected("common/a.h", "<models/m.h>"))
        self.assertFalse(self.rejected("common/a.h", "<vector>"))
        self.plant("common/b.h", SPDX + '  #  include  "sim/x.h"\n')
        self.assertEqual(len(self.run_check("includes")), 1)

    def test_relative(self):
        self.plant("models/m.h", SPDX)
        self.assertTrue(self.rejected("models/a.cc", '"m.h"'))
        self.assertTrue(self.rejected("models/a.cc", '"../models/m.h"'))
        self.assertTrue(self.rejected("models/a.cc", '"models/../sim/m.h"'))
        self.assertFalse(self.rejected("models/a.cc", '"verilated.h"'))

    def test_generated_text_is_no_include(self):
        self.plant("codegen/a.cc", SPDX + 'auto x = R"(\n#include "sim/x.h"\n)";\n'
                   '/*\n#include "sim/x.h"\n*/\n')
        self.assertEqual(self.run_check("includes"), [])
        self.plant("codegen/a.cc", SPDX + 'auto x = R"(\n)";\n#include "sim/x.h"\n')
        self.assertEqual(len(self.run_check("includes")), 1)
        self.assertTrue(self.run_check("includes")[0].startswith("codegen/a.cc:4:"))


class Text(Tree):
    def test_spdx(self):
        for path in ["a.h", "a.cc", "a.sv", "a.svh", "a.py", "a.cmake", "a.sh", "a.yaml", "a.yml",
                     "CMakeLists.txt", "x/CMakeLists.txt", "Makefile", ".clang-format"]:
            with self.subTest(path=path):
                self.plant("x/" + path, "\n\n\n" + SPDX)
                self.assertEqual(len(self.run_check("spdx")), 1)
                self.plant("x/" + path, "#!/bin/sh\n" + SPDX)
                self.assertEqual(self.run_check("spdx"), [])

    def test_names(self):
        for bad in ["see ../sha" + "red/x", "in /wo" + "rk/main", '"/wo' + 'rk/"']:
            with self.subTest(bad=bad):
                self.plant("docs/a.md", "fine\n" + bad + "\n")
                self.assertEqual(len(self.run_check("names")), 1)
                self.assertTrue(self.run_check("names")[0].startswith("docs/a.md:2:"))
        self.plant("docs/a.md", "build/wo" + "rk/x shared/ ../share\n")
        self.assertEqual(self.run_check("names"), [])

    def test_git_tree(self):
        git = ["git", "-C", self.root]
        subprocess.run(git + ["init", "-q"], check=True)
        self.plant(".gitignore", "ignored.h\n")
        self.plant("ignored.h", "")
        self.plant("new.h", "")
        self.plant("known.h", "")
        subprocess.run(git + ["add", "known.h"], check=True)
        self.assertEqual(house.list_files(self.root), [".gitignore", "known.h", "new.h"])


class RtlLint(Tree):
    def lint(self, module):
        """Which tools reject the module."""
        rtl = os.path.join(self.root, "rtl")
        with open(os.devnull, "w", encoding="utf-8") as null, _output_to(null):
            return [tool for tool in ("verilator", "yosys", "icarus")
                    if rtl_lint.lint(tool, rtl, module) != 0]

    def test_clean(self):
        self.plant("rtl/tf_x_pkg.sv", PACKAGE)
        self.plant("rtl/tf_clean.sv", CLEAN_MODULE)
        self.plant("rtl/tf_user.sv", CLEAN_MODULE.replace("tf_clean", "tf_user").replace(
            "  always_ff", "  logic [Width-1:0] a;\n  tf_clean #(.Width(Width)) u_clean (\n"
            "    .clk_i(clk_i), .a_i(a_i), .q_o(a));\n  always_ff").replace("<= a_i", "<= a"))
        for module in ["packages", "tf_clean", "tf_user"]:
            self.assertEqual(self.lint(module), [], module)

    def test_faults(self):
        self.plant("rtl/tf_x_pkg.sv", PACKAGE)
        self.plant("rtl/tf_wide.sv", CLEAN_MODULE.replace("tf_clean", "tf_wide").replace(
            "[Width-1:0] q_q", "[Width:0] q_q"))
        self.assertEqual(self.lint("tf_wide"), ["verilator"])
        self.plant("rtl/tf_lost.sv", CLEAN_MODULE.replace("tf_clean", "tf_lost").replace(
            "endmodule", "  tf_nowhere u_nowhere (.clk_i(clk_i));\nendmodule"))
        self.assertEqual(self.lint("tf_lost"), ["verilator", "yosys", "icarus"])
        self.plant("rtl/tf_bad_pkg.sv", SPDX + "package tf_bad_pkg;\n  localparam int = 5;\n")
        self.assertEqual(self.lint("packages"), ["verilator", "yosys", "icarus"])

    def test_package_order(self):
        self.plant("rtl/tf_a_pkg.sv", "package tf_a_pkg; localparam int A = tf_z_pkg::Z; ...")
        self.plant("rtl/tf_z_pkg.sv", "package tf_z_pkg; ...")
        order = rtl_lint.package_order(os.path.join(self.root, "rtl"))
        self.assertEqual([os.path.basename(p) for p in order], ["tf_z_pkg.sv", "tf_a_pkg.sv"])

    def test_missing_tool(self):
        with self.assertRaises(ValueError):
            rtl_lint.lint("no-such-tool", self.root, "tf_x")


@contextlib.contextmanager
def _output_to(file):
    """Sends the output of programs run inside to `file`."""
    kept = [os.dup(1), os.dup(2)]
    os.dup2(file.fileno(), 1)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        for target, copy in enumerate(kept, start=1):
            os.dup2(copy, target)
            os.close(copy)


if __name__ == "__main__":
    unittest.main()
