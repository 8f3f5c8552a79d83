# SPDX-License-Identifier: Apache-2.0
"""Energy of simulated tokens, as a user asks for it. The environment names the command (TERNFAB)."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

TERNFAB = os.environ["TERNFAB"]
SIMULATE = ["simulate", "--model", "tales", "--hw", "nano", "--fidelity", "systemc", "--ids", "5,7,9"]


class Reports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *arguments):
        return subprocess.run([TERNFAB, *arguments], capture_output=True, text=True,
                              cwd=self.folder, timeout=600, check=False)

    def report(self, *arguments, tokens="3"):
        result = self.run_command(*SIMULATE, "--tokens", tokens, *arguments, "--json", "out.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stderr, json.loads((self.folder / "out.json").read_text())["energy_per_token"]

    def check_sum(self, energy):
        total = sum(part["value"] for part in energy["parts"].values())
        self.assertAlmostEqual(energy["total"]["value"] / total, 1, places=9)
        for part in energy["parts"].values():
            self.assertEqual(part["evidence"], "modelled")
            self.assertEqual(part["unit"], "J")
            self.assertTrue(part["source"])


class Energy(Reports):
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

    def test_a_prompt_alone_has_no_energy_of_a_token(self):
        reason = "no decode step was simulated, which mode fpga needs: ask for more tokens"
        for tokens in ("0", "1"):
            text, energy = self.report(tokens=tokens)
            lines = [line for line in text.splitlines() if "energy" in line]
            self.assertEqual(lines, ["energy: " + reason])
            self.assertIsNone(energy["total"]["value"])
            self.assertEqual(energy["reason"], reason)
        result = self.run_command(*SIMULATE, "--tokens", "1", "--energy", "fpga")
        self.assertEqual((result.returncode, result.stderr), (2, f"ternfab: {reason}\n"))

    def test_refusals(self):
        for words, *arguments in (
                ("--energy joules: must be", *SIMULATE, "--energy", "joules"),
                ("synth:", "simulate", "--model", "synth:bitnet-0.7b", "--hw", "kv260", "--context",
                 "4", "--energy", "gate")):
            result = self.run_command(*arguments)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            self.assertIn(words, result.stderr)


class Gate(Reports):
    """The units as gates, from the model's own operands to joules: minutes of synthesis."""

    def test_units_beside_each_other(self):
        _, energy = self.report("--energy", "gate")
        self.assertEqual(energy["mode"], "gate")
        self.assertIn("osu018", energy["node"])
        self.check_sum(energy)
        units = {}
        for note in energy["notes"]:
            unit = re.match(r"(\w+): ([\d.]+) pJ a lane with glitches, ([\d.]+) without "
                            r"\(OpenSTA, vectorless: ([\d.]+)\)", note)
            if unit:
                units[unit[1]] = [float(number) for number in unit.groups()[1:]]
        self.assertEqual(list(units), ["Ternary", "int8", "FP16"])
        for glitches, without, vectorless in units.values():
            self.assertGreater(glitches, without)
            self.assertGreater(min(without, vectorless), 0)
        for column in range(2):
            costs = [unit[column] for unit in units.values()]
            self.assertEqual(costs, sorted(costs))
            self.assertGreater(costs[1], 3 * costs[0])  # a multiplier beside a select


if __name__ == "__main__":
    unittest.main()
