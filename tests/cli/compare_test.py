# SPDX-License-Identifier: Apache-2.0
"""`ternfab compare` as a user runs it. usage: compare_test.py [Suite[.test]]

The environment is that of cli_test.py.
"""
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cli_test  # noqa: E402

SHORT_T = cli_test.SHORT_T

ROW = {"name": "a", "system": "b", "model": "c", "kind": "cpu", "source": "d",
       "figures": {"decode_rate": {"value": 5, "unit": "tokens/s", "evidence": "published"}}}


class CompareErrors(cli_test.Case):
    def refused_here(self, words, *arguments):
        self.refused(words, "compare", "--model", SHORT_T, "--ids", "1", *arguments)
        self.assertFalse((self.folder / "compare.html").exists())

    def test_options(self):
        self.refused_here(["--fidelity spice", "rtl or systemc"], "--fidelity", "spice")
        self.refused_here(["--hw nano,"], "--hw", "nano,")
        self.refused_here(["nowhere"], "--hw", "nano,nowhere")
        self.refused_here(["magic"], "--hw", "nano", "--energy", "magic")
        self.refused(["together", "256"], "compare", "--model", SHORT_T, "--hw", "nano", "--ids",
                     "1", "--tokens", "999")

    def test_model_that_does_not_fit(self):
        self.refused(["nano", "hidden"], "compare", "--model", "synth:bitnet-0.7b", "--hw", "nano",
                     "--ids", "1", "--tokens", "1")

    def test_baselines(self):
        self.refused_here(["nowhere.json"], "--hw", "nano", "--baseline", "nowhere.json")
        for text, words in (("{", "is not JSON"), ('{"rows": []}', "1 to"),
                            (json.dumps({"rows": [dict(ROW, kind="cat")]}), "rows[0]: kind cat")):
            (self.folder / "b.json").write_text(text)
            self.refused_here(["b.json", words], "--hw", "nano", "--baseline", "b.json")


class Reports(cli_test.Case):
    check_figures = cli_test.Json.check_figures
    check_common = cli_test.Json.check_common


class CompareJson(Reports):
    def compare(self, *arguments):
        return self.report("compare", "--model", SHORT_T, "--no-area", "--html", "", *arguments)

    def test_report(self):
        (self.folder / "b.json").write_text(json.dumps({"rows": [ROW]}))
        report = self.compare("--hw", "nano,arty-a7-35t", "--fidelity", "systemc", "--ids",
                              "41,67,154", "--tokens", "4", "--baseline", self.folder / "b.json")
        self.check_common(report, "compare")
        self.assertEqual(report["hw"], ["nano", "arty-a7-35t"])
        self.assertEqual([side["name"] for side in report["hardware"]], report["hw"])
        self.assertEqual(report["prompt_ids"], [41, 67, 154])
        cpu = report["cpu"]
        self.assertEqual(cpu["latency_per_token"]["evidence"], "measured")
        self.assertGreater(cpu["roofline"]["bandwidth"]["value"], 0)
        self.assertGreater(cpu["energy_per_token"]["total"]["value"], 0)
        for side in report["hardware"]:
            self.assertEqual(side["ids"], cpu["device"]["ids"])
            self.assertTrue(side["check"]["device"]["equal"])
            self.assertEqual(len(side["ids"]), 4)
            self.assertIn("energy_per_token", side)
            self.assertEqual(side["cycles_per_token"]["value"],
                             sum(side["cycles"]["values"][1:]) / 3)
            clock = side["clock"]["given"]["value"] * 1e6
            self.assertAlmostEqual(side["latency_per_token"]["value"] * clock,
                                   side["cycles_per_token"]["value"], delta=1e-3)
            parts = [sum(c["value"] for k, c in part.items() if k != "all")
                     for part in side["limits"].values()]
            self.assertAlmostEqual(sum(parts), side["causes"]["all"]["value"], delta=1e-3)
        self.assertEqual(report["baselines"][0]["figures"]["latency_per_token"]["value"], 0.2)

    def test_seeded_context(self):
        report = self.compare("--hw", "nano", "--fidelity", "systemc", "--context", "100",
                              "--tokens", "2")
        side = report["hardware"][0]
        self.assertEqual(report["context"]["value"], 100)
        self.assertEqual(report["cpu"]["ids"], [])
        self.assertEqual(side["ids"], report["cpu"]["device"]["ids"])
        self.assertIsNone(side["check"]["reference"])
        self.assertIsNone(side["prefill_rate"]["value"])
        self.assertGreater(side["latency_per_token"]["value"], 0)

    def test_modes_of_parts_are_not_set_beside_a_processor(self):
        report = self.compare("--hw", "nano", "--fidelity", "systemc", "--ids", "41,67", "--tokens",
                              "3", "--energy", "datapath")
        side = report["hardware"][0]
        self.assertEqual(side["energy_per_token"]["mode"], "datapath")
        self.assertGreater(side["energy_per_token"]["total"]["value"], 0)
        self.assertIsNone(side["energy_over_cpu"]["value"])
        self.assertGreater(side["rate_over_cpu"]["value"], 0)

    def test_one_token_has_no_latency(self):
        report = self.compare("--hw", "nano", "--fidelity", "systemc", "--ids", "1", "--tokens",
                              "1")
        for side in (report["cpu"], report["hardware"][0]):
            self.assertIsNone(side["latency_per_token"]["value"])
            self.assertIn("more tokens", side["latency_per_token"]["source"])
            self.assertGreater(side["time_to_first_token"]["value"], 0)


class CompareRtl(Reports):
    def test_instructions_are_compared_by_layer(self):
        arguments = ("--model", SHORT_T, "--hw", "nano", "--ids", "41,67,154", "--tokens", "3")
        report = self.report("compare", "--no-area", "--html", "", "--fidelity", "rtl", *arguments)
        side = report["hardware"][0]
        check = side["check"]
        self.assertEqual(check["mismatches"], 0)
        self.assertGreater(check["instructions"], 1000)
        self.assertEqual(sum(layer["instructions"] for layer in check["layers"]),
                         check["instructions"])
        self.assertEqual(sorted(layer["layer"] for layer in check["layers"])[:2], [-1, 0])
        simulated = self.report("simulate", *arguments)
        self.assertEqual(side["cycles"]["values"], simulated["cycles"]["per_token"]["values"])
        self.assertEqual(side["ids"], simulated["ids"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
