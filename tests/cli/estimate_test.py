# SPDX-License-Identifier: Apache-2.0
"""`ternfab estimate` as a user runs it. usage: estimate_test.py [Suite[.test]]

The environment is that of cli_test.py; the cache keeps what Yosys has made.
"""
import os
import signal
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cli_test  # noqa: E402

RESOURCES = {"lut", "ff", "carry", "lutram", "dsp", "bram36", "uram"}

# The smallest accelerator that there is.
TINY = """
name: tiny
device: {device}
clock_mhz: 100
engine: {{kind: adder_tree, count: 1, lanes: 20, batch: 1, weight_code: base3,
          activation_bits: 8, pipeline: 1}}
int8: {{lanes: 4, queries: 1}}
vector: {{lanes: 1}}
kv_cache_bits: 8
head: int8
shortlist_rows: 0
memory: {{kind: fixed, ports: 1, width_bits: 32, channels: 1, latency: 32, response_bytes: 64,
          max_burst_beats: 16, capacity_mib: 32}}
limits: {{hidden: 256, ffn: 768, context: 256, vocab: 1024}}
"""


class Interrupted(cli_test.Case):
    """Ctrl-C in a synthesis leaves nothing behind that the next one does not take away."""

    def started(self):
        process = subprocess.Popen([cli_test.TERNFAB, "estimate", "--hw", "t.yaml"],
                                   cwd=self.folder, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=dict(os.environ, TERNFAB_CACHE=str(self.folder / "cache")))
        self.addCleanup(process.wait)
        self.addCleanup(self.interrupt, process)
        return process

    @staticmethod
    def interrupt(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        return process.wait()

    def until(self, condition):
        end = time.monotonic() + 120
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def work(self):
        return set((self.folder / "cache" / "synthesis").glob("*.work-*"))

    def test_the_next_synthesis_removes_what_was_left(self):
        (self.folder / "t.yaml").write_text(TINY.format(device="xc7a35t"))
        first = self.started()
        self.until(lambda: any(path.name.startswith("batch.") for path in self.work()))
        self.assertEqual(self.interrupt(first), -signal.SIGINT)
        left = self.work()
        self.assertTrue(left)
        second = self.started()
        self.until(lambda: not left & self.work())
        self.assertIsNone(second.poll())


class EstimateErrors(cli_test.Case):
    def test_specs_and_devices(self):
        self.refused(["nowhere", "kv260"], "estimate", "--hw", "nowhere")
        (self.folder / "t.yaml").write_text(TINY.format(device="abacus"))
        self.refused(["device = abacus", "xc7a35t"], "estimate", "--hw", "t.yaml")

    def test_models(self):
        self.refused(["hidden = 2560", "256"], "estimate", "--hw", "nano", "--model",
                     "synth:bitnet-2b4t")
        self.refused(["--context 1000", "at most 254"], "estimate", "--hw", "nano", "--context",
                     "1000")
        self.refused(["--model tales", "hx8k"], "estimate", "--hw", "hx8k", "--model", "tales")

    def test_output_that_cannot_be_written(self):
        self.refused(["no/such/folder"], "estimate", "--hw", "nano", "--json", "no/such/folder/a")

    def test_missing_tools(self):
        """Each missing program is one line with the package that has it."""
        for hw in ("nano", "hx8k"):
            result = subprocess.run([cli_test.TERNFAB, "estimate", "--hw", hw], check=False,
                                    capture_output=True, text=True, timeout=60, cwd=self.folder,
                                    env={"PATH": str(self.folder), "HOME": str(self.folder)})
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertEqual(result.stderr,
                             "ternfab: yosys: not found (Debian package yosys)\n")


class Estimate(cli_test.Case):
    check_figures = cli_test.Json.check_figures
    check_common = cli_test.Json.check_common

    def estimate(self, *arguments):
        (self.folder / "t.yaml").write_text(TINY.format(device="xc7a35t"))
        return self.report("estimate", "--hw", "t.yaml", *arguments)

    def value(self, report, *path):
        for name in path:
            report = report[name]
        return report["value"]

    def test_report(self):
        report = self.estimate()
        self.check_common(report, "estimate")
        self.assertTrue(report["fits"])
        self.assertEqual(set(report["resources"]), RESOURCES)
        self.assertEqual(self.value(report, "available", "lut"), 20800)
        for name in RESOURCES:
            total = sum(self.value(m, "own", name) * self.value(m, "instances")
                        for m in report["per_module"])
            self.assertAlmostEqual(self.value(report, "resources", name), total, places=6)
            top = next(m for m in report["per_module"] if m["module"] == "tf_tiny_top")
            self.assertAlmostEqual(self.value(top, "whole", name), total, places=6)
            lane = self.value(report, "engines", "per_lane", name)
            self.assertAlmostEqual(lane * 20, self.value(report, "engines", "resources", name))
        shares = {name: self.value(report, "resources", name) / figure["value"]
                  for name, figure in report["available"].items() if figure["value"]}
        self.assertEqual(report["binding_resource"], max(shares, key=shares.get))
        # A base-3 engine of 20 lanes: at least the adders' LUTs, at most what docs/engines.md says.
        self.assertGreater(self.value(report, "lut_per_mac"), 8)
        self.assertLess(self.value(report, "lut_per_mac"), 13.3)
        self.assertGreater(self.value(report, "engine_lut_per_mac"),
                           self.value(report, "lut_per_mac"))
        self.assertEqual([m["register_files"] for m in report["per_module"]],
                         [[]] * len(report["per_module"]))

    def test_the_largest_engine_fills_the_scarcest_resource(self):
        report = self.estimate()
        largest = report["largest_engine"]
        name = largest["binding_resource"]
        room = self.value(report, "available", name) - self.value(largest, "rest", name)
        one = self.value(largest, "one", name)
        self.assertEqual(self.value(largest, "engines"), room // one)
        self.assertEqual(self.value(largest, "lanes"), 20 * (room // one))

    def test_rates_at_both_clocks(self):
        report = self.estimate("--context", "100")
        simulated = self.report("simulate", "--fidelity", "systemc", "--hw", "t.yaml",
                                "--context", "100", "--tokens", "1")
        self.assertEqual(self.value(report, "cycles", "decode_step"),
                         self.value(simulated, "cycles", "total"))
        self.assertEqual(self.value(report, "decode_rate"), self.value(simulated, "decode_rate"))
        self.assertEqual(report["decode_rate"]["evidence"], "simulated")
        estimated = report["decode_rate_at_estimated_clock"]
        self.assertEqual(estimated["evidence"], "modelled")
        clock = report["clock"]
        self.assertEqual(clock["asked"], {"value": 100, "unit": "MHz", "evidence": "given"})
        self.assertEqual(clock["estimated"]["evidence"], "modelled")
        slower = clock["estimated"]["value"] < 100
        self.assertEqual(estimated["value"] < self.value(report, "decode_rate"), slower)
        compared = self.report("compare", "--fidelity", "systemc", "--model", "tales", "--hw",
                               "t.yaml", "--context", "100", "--tokens", "1", "--html", "")
        side = compared["hardware"][0]
        self.assertAlmostEqual(side["rate_at_estimated_clock"]["value"] / estimated["value"], 1)
        self.assertEqual(side["rate_at_estimated_clock"]["evidence"], "modelled")
        self.assertAlmostEqual(side["latency_at_estimated_clock"]["value"] * estimated["value"], 1)

    def test_text(self):
        (self.folder / "t.yaml").write_text(TINY.format(device="xc7a35t"))
        text = self.succeeds("estimate", "--hw", "t.yaml").stdout
        every = self.succeeds("estimate", "--hw", "t.yaml", "--modules").stdout
        for words in ("fits: yes", "100 MHz asked (given)", "(simulated)", "(modelled)",
                      "(published)", "synthesised", "decode, tokens/s"):
            self.assertIn(words, text)
        self.assertEqual([line for line in every.splitlines() if line.startswith("  all ")][0]
                         .split(), [line for line in text.splitlines()
                                    if line.startswith("  all ")][0].split())
        self.assertIn("tf_fifo Width=", every)
        self.assertNotIn("tf_fifo Width=", text)
        self.assertLess(len(text.splitlines()), len(every.splitlines()))


class EstimateEngine(cli_test.Case):
    check_figures = cli_test.Json.check_figures
    check_common = cli_test.Json.check_common

    def test_routed(self):
        report = self.report("estimate", "--hw", "hx8k")
        self.check_figures(report)
        self.assertEqual((report["design"], report["model"]), ("engine", None))
        self.assertTrue(report["fits"])
        self.assertLessEqual(RESOURCES, set(report["resources"]))
        self.assertEqual(report["binding_resource"], "bram36")  # 20 of 32; a third of the cells
        # Each cell holds a flip-flop at most.
        self.assertLessEqual(report["resources"]["ff"]["value"], report["resources"]["lut"]["value"])
        self.assertEqual(report["clock"]["routed"]["evidence"], "synthesised")
        self.assertEqual(os.path.getsize(report["bitstream"]), 135100)


if __name__ == "__main__":
    unittest.main(verbosity=1)
