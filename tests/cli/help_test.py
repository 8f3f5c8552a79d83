# SPDX-License-Identifier: Apache-2.0
"""Help and the messages of mistyped command lines. usage: help_test.py [Suite[.test]]

The environment names the command (TERNFAB).
"""
import os
import subprocess
import unittest

TERNFAB = os.environ["TERNFAB"]
COMMANDS = ("run", "simulate", "compare", "estimate", "generate", "eval", "model", "hw", "demo")


def run(*arguments):
    return subprocess.run([TERNFAB, *arguments], capture_output=True, text=True, timeout=60,
                          check=False)


class Help(unittest.TestCase):
    def test_every_command_has_help(self):
        listed = run("--help")
        self.assertEqual(listed.returncode, 0)
        for name in COMMANDS:
            self.assertIn(f"\n  {name} ", listed.stdout)
            result = run(name, "--help")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn(f"Usage: ternfab {name}", result.stdout)
            self.assertNotIn("Excludes", result.stdout)
            self.assertEqual(run("help", name).stdout, result.stdout)
        self.assertEqual(run("help").stdout, listed.stdout)

    def test_choices_and_defaults(self):
        text = run("run", "--help").stdout
        self.assertIn("--arithmetic reference|device", text)
        self.assertIn("(default: tales)", text)
        self.assertIn("(required)", run("generate", "--help").stdout)


class Mistakes(unittest.TestCase):
    def refused(self, words, *arguments):
        result = run(*arguments)
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_the_nearest_name_is_suggested(self):
        self.refused(["rum: is no command; did you mean run? (ternfab --help)"], "rum")
        self.refused(["--promt: is no option of ternfab run; did you mean --prompt?"], "run",
                     "--promt", "a")
        self.refused(["--token=5: is no option", "did you mean --tokens?"], "run", "--token=5")
        self.refused(["inspekt: is no command of ternfab model; did you mean inspect?"], "model",
                     "inspekt")

    def test_far_names_are_not(self):
        self.refused(["conjure: is no command (ternfab --help)"], "conjure")
        self.refused(["--conjure: is no option of ternfab run (ternfab run --help)"], "run",
                     "--conjure")

    def test_the_rest(self):
        self.refused(["a subcommand is required: run, simulate"])
        self.refused(["a subcommand is required: list, inspect", "(ternfab model --help)"], "model")
        self.refused(["Once upon: ternfab run takes no such argument"], "run", "Once upon")
        self.refused(["--out is required (ternfab generate --help)"], "generate")


if __name__ == "__main__":
    unittest.main()
