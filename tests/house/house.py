# SPDX-License-Identifier: Apache-2.0
"""Checks of the source tree: who includes whom, licence lines, names that must not appear.

usage: house.py includes|spdx|names ROOT
Prints one line a violation, `path:line: what: rule`, and exits 1 where there is one.
"""
import os
import re
import subprocess
import sys

# What the files of a folder may include, by the longest folder that holds the file.
ALLOWED = {
    "common": ["common"],
    "models": ["common", "models"],
    "codegen": ["common", "models", "codegen"],
    "host/cpu": ["common", "models", "codegen/plan", "host/cpu"],
    "host/driver": ["common", "host/driver"],
    "sim": ["common", "models", "codegen", "host/cpu", "host/driver", "sim"],
    "host/cli": ["common", "models", "codegen", "host", "sim"],
    "tests": ["common", "models", "codegen", "host", "sim", "tests"],
}
HOUSE = ["common", "models", "codegen", "host", "rtl", "sim", "tests"]
CPP = (".h", ".hpp", ".cc", ".cpp")
SOURCES = CPP + (".sv", ".svh", ".v", ".py", ".cmake", ".sh", ".yaml", ".yml")
SOURCE_NAMES = ("CMakeLists.txt", "Makefile", ".clang-format", ".clang-tidy", ".gitignore")
SPDX = b"SPDX-License-Identifier: Apache-2.0"
SPDX_LINES = 3
# Written in pieces: this file obeys its own rule. A folder called work inside another is no
# machine path.
FORBIDDEN = [re.compile(rb"\.\./sha" + rb"red\b"), re.compile(rb"(?<![\w.}/*-])/wo" + rb"rk/")]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)
RAW_STRING_OR_COMMENT = re.compile(r'R"([^()\\\s]*)\(.*?\)\1"|/\*.*?\*/', re.S)


def list_files(root):
    """Files of the tree, relative to root: what git tracks or would; without git, all but builds."""
    git = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], capture_output=True, check=False) if _has_git(root) else None
    if git is not None and git.returncode == 0:
        names = {os.fsdecode(name) for name in git.stdout.split(b"\0") if name}
        return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [s for s in subfolders if not re.match(r"build(-|$)|node_modules$|\.git$|\.cache$|__py", s)]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def _has_git(root):
    return os.path.exists(os.path.join(root, ".git"))


def read(root, path):
    with open(os.path.join(root, path), "rb") as file:
        return file.read()


def is_in(path, folder):
    return path.startswith(folder + "/")


def without_raw_strings(text):
    """Blanks raw strings and block comments, keeping the line numbers."""
    return RAW_STRING_OR_COMMENT.sub(lambda match: "\n" * match.group(0).count("\n"), text)


def include_error(root, path, quote, target):
    """Why `path` may not include `target`, or None."""
    owner = max((f for f in ALLOWED if is_in(path, f)), key=len, default=None)
    top = target.split("/")[0]
    if quote == "<" and not (top in HOUSE and os.path.exists(os.path.join(root, target))):
        return None
    if target.startswith(".") or os.path.normpath(target) != target:
        return "must be relative to the repository root"
    if "/" not in target or top not in HOUSE:
        beside = os.path.join(root, os.path.dirname(path), target)
        return "must be relative to the repository root" if os.path.exists(beside) else None
    if owner is None:
        return "its folder has no entry in the folder rule"
    if not any(is_in(target, folder) for folder in ALLOWED[owner]):
        return f"{owner}/ may include {', '.join(ALLOWED[owner])}"
    return None


def check_includes(root, files):
    errors = []
    for path in files:
        if not path.endswith(CPP):
            continue
        text = without_raw_strings(read(root, path).decode("utf-8", "replace"))
        for match in INCLUDE.finditer(text):
            why = include_error(root, path, match.group(1), match.group(2))
            if why:
                line = text.count("\n", 0, match.start()) + 1
                errors.append(f"{path}:{line}: includes {match.group(2)}: {why}")
    return errors


def check_spdx(root, files):
    errors = []
    for path in files:
        if path.endswith(SOURCES) or os.path.basename(path) in SOURCE_NAMES:
            head = read(root, path).split(b"\n", SPDX_LINES)[:SPDX_LINES]
            if not any(SPDX in line for line in head):
                errors.append(f"{path}:1: no licence line: must begin with {SPDX.decode()}")
    return errors


def check_names(root, files):
    errors = []
    for path in files:
        data = read(root, path)
        if b"\0" in data[:8192]:
            continue
        for pattern in FORBIDDEN:
            for match in pattern.finditer(data):
                line = data.count(b"\n", 0, match.start()) + 1
                errors.append(f"{path}:{line}: has {match.group(0).decode()}: no path outside "
                              "the repository")
    return errors


CHECKS = {"includes": check_includes, "spdx": check_spdx, "names": check_names}


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 2
    check, root = arguments
    files = list_files(root)
    errors = CHECKS[check](root, files)
    for error in errors:
        print(error)
    print(f"{check}: {len(files)} files, {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
