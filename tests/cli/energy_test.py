# SPDX-License-Identifier: Apache-2.0
"""Energy of simulated tokens, as a user asks for it. The environment names the command (TERNFAB)."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

TERNFAB = os.environ["TERNFAB"]
SIMULATE = ["simulate", "--model", "tales", "--hw", "nano", "--fidelity", "systemc", "--ids", "5,7,9",
            "--tokens", "3"]


class Energy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *arguments):
        return subprocess.run([TERNFAB, *arguments], capture_output=True, text=True,
                              cwd=self.folder, timeout=600, check=False)

    def report(self, *arguments):
        result = self.run_command(*SIMULATE, *arguments, "--json", "out.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stderr, json.loads((self.folder / "out.json").read_text())["energy_per_token"]

    def check_sum(self, energy):
        total = sum(part["value"] for part in energy["parts"].values())
        self.assertAlmostEqual(energy["total"]["value"] / total, 1, places=9)
        for part in energy["parts"].values():
            self.assertEqual(part["evidence"], "modelled")
            self.assertEqual(part["unit"], "J")
            self.assertTrue(part["source"])

    def test_fpga_is_the_default(self):
        text, energy = self.report()
        self.assertEqual(energy["mode"], "fpga")
        self.assertIn("28 nm", energy["node"])
        self.assertIn("mode fpga, node 28 nm", text)
        self.check_sum(energy)
        self.assertIn("logic", energy["parts"])
        self.assertGreater(energy["power"]["value"], 0.1)

    def test_datapath_names_its_node(self):
        for mode, node in (("datapath", "45 nm"), ("datapath-7", "7 nm")):
            text, energy = self.report("--energy", mode)
            self.assertEqual((energy["mode"], energy["node"]), ("datapath", node))
            self.assertIn(node, text)
            self.check_sum(energy)

    def test_area_counts_the_designs_own_cells(self):
        _, modelled = self.report()
        self.assertIn("Resources are modelled: straight lines", " ".join(modelled["notes"]))
        text, synthesised = self.report("--area")
        self.assertIn("Resources are synthesised: Yosys", text)
        logic = synthesised["parts"]["logic"]
        ratio = logic["value"] / modelled["parts"]["logic"]["value"]
        self.assertNotEqual(ratio, 1)
        self.assertAlmostEqual(ratio, 1, delta=0.07)  # docs/energy.md
        run = self.run_command("estimate", "--hw", "nano", "--json", "area.json")
        self.assertEqual(run.returncode, 0, run.stderr)
        lut = json.loads((self.folder / "area.json").read_text())["resources"]["lut"]["value"]
        self.assertTrue(logic["source"].startswith(f"{lut:.0f} LUTs"), logic["source"])

    def test_paper_is_no_energy_of_a_token(self):
        text, energy = self.report("--energy", "paper")
        self.assertIsNone(energy["total"]["value"])
        self.assertEqual(energy["of_tokens"]["tokens"]["value"], 512)
        self.check_sum(energy["of_tokens"])
        self.assertIn("512 tokens together", text)

    def test_refusals(self):
        for words, *arguments in (
                ("--energy joules: must be", *SIMULATE, "--energy", "joules"),
                ("synth:", "simulate", "--model", "synth:bitnet-0.7b", "--hw", "kv260", "--context",
                 "4", "--energy", "gate")):
            result = self.run_command(*arguments)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            self.assertIn(words, result.stderr)


if __name__ == "__main__":
    unittest.main()
