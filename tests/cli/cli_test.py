# SPDX-License-Identifier: Apache-2.0
"""Runs the command as a user does. usage: cli_test.py [Suite[.test]]

The environment names the command (TERNFAB) and the test data (TF_TEST_DATA).
"""
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

TERNFAB = os.environ["TERNFAB"]
DATA = pathlib.Path(os.environ["TF_TEST_DATA"])
SHORT_T = str(DATA / "shortT" / "model-I2_S.gguf")
EVIDENCE = {"measured", "simulated", "synthesised", "modelled", "published", "given"}


def run(*arguments, cwd=None):
    return subprocess.run([TERNFAB, *map(str, arguments)], capture_output=True, text=True, cwd=cwd,
                          timeout=600, check=False)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def refused(self, words, *arguments):
        """Status 2, nothing on standard output, one line on standard error that holds `words`."""
        result = run(*arguments, cwd=self.folder)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, "")
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def succeeds(self, *arguments):
        result = run(*arguments, cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def report(self, *arguments):
        """The JSON of a run that succeeds."""
        self.succeeds(*arguments, "--json", self.folder / "out.json")
        return json.loads((self.folder / "out.json").read_text())


class Errors(Case):
    def test_command_lines(self):
        self.refused(["ubcommand"])
        self.refused(["conjure"], "conjure")
        self.refused(["--conjure"], "run", "--conjure")
        self.refused(["--tokens"], "run", "--prompt", "a", "--tokens", "many")
        self.refused(["--arithmetic", "quantum"], "run", "--arithmetic", "quantum", "--prompt", "a")
        self.refused(["--prompt", "--ids"], "run", "--model", SHORT_T, "--prompt", "a", "--ids", "1")
        self.refused(["--prompt", "--ids"], "run", "--model", SHORT_T)
        self.refused(["--tokens", "-1"], "run", "--model", SHORT_T, "--ids", "1", "--tokens", "-1")
        self.refused(["--head", "shortlist"], "run", "--model", SHORT_T, "--ids", "1", "--head",
                     "shortlist")
        self.refused(["--context", "--arithmetic device"], "run", "--model", SHORT_T, "--context",
                     "5")
        device = ["run", "--model", SHORT_T, "--hw", "nano", "--arithmetic", "device"]
        self.refused(["--context", "--ids"], *device, "--context", "5", "--ids", "1")
        self.refused(["--context 0"], *device, "--context", "0")
        self.refused(["--context 5", "--tokens 252", "256"], *device, "--context", "5",
                     "--tokens", "252")
        self.refused(["--tokens 0"], *device, "--context", "5", "--tokens", "0")
        self.refused(["--threads"], *device, "--ids", "1", "--threads", "0")
        self.refused(["--fidelity", "spice"], "simulate", "--fidelity", "spice", "--ids", "1")
        self.refused(["--text"], "eval")
        self.refused(["nowhere.txt"], "eval", "--text", "nowhere.txt")
        self.refused(["--layers", "2..9"], "simulate", "--model", SHORT_T, "--hw", "nano", "--ids",
                     "1", "--layers", "2..9")
        for shape in ["0x3", "3", "3x", "axb", "3x4x5x6", "3x4x9"]:
            self.refused(["--matvec", shape], "simulate", "--hw", "nano", "--matvec", shape)

    def test_models(self):
        self.refused(["nowhere.gguf"], "run", "--model", "nowhere.gguf", "--ids", "1")
        self.refused(["bitnet-9b"], "run", "--model", "synth:bitnet-9b", "--ids", "1")
        good = pathlib.Path(SHORT_T).read_bytes()
        damaged = {
            "empty.gguf": b"",
            "text.gguf": b"not a model at all, but long enough to look at",
            "cut.gguf": good[: len(good) // 2],
            "header.gguf": good[:20],
            "version.gguf": good[:4] + struct.pack("<I", 99) + good[8:],
            "tensors.gguf": good[:8] + struct.pack("<Q", 1 << 60) + good[16:],
            "keys.gguf": good[:16] + struct.pack("<Q", 1 << 60) + good[24:],
        }
        for name, content in damaged.items():
            (self.folder / name).write_bytes(content)
            self.refused([name], "run", "--model", name, "--ids", "1")
            self.refused([name], "model", "inspect", name)

    def test_tokens(self):
        self.refused(["1024", "0..1023"], "run", "--model", SHORT_T, "--ids", "1,1024")
        self.refused(["256"], "run", "--model", SHORT_T, "--ids", "1,2", "--tokens", "255")

    def test_specs(self):
        self.refused(["nowhere.yaml"], "hw", "show", "nowhere.yaml")
        good = self.succeeds("hw", "show", "nano").stdout
        damaged = {
            "lanes.yaml": (good.replace("lanes: 40", "lanes: 64"), "engine.lanes = 64"),
            "unknown.yaml": (good + "colour: red\n", "colour"),
            "missing.yaml": (good.replace("clock_mhz", "# clock_mhz"), "clock_mhz"),
            "type.yaml": (good.replace("clock_mhz: 100", "clock_mhz: fast"), "clock_mhz"),
            "kind.yaml": (good.replace("kind: fixed", "kind: hbm9"), "memory.kind"),
            "yaml.yaml": ("name: [nano\n", "yaml.yaml"),
            "empty.yaml": ("", "empty.yaml"),
        }
        for name, (text, words) in damaged.items():
            self.assertNotEqual(text, good)
            (self.folder / name).write_text(text)
            self.refused([words], "hw", "show", name)
            self.refused([words], "generate", "--hw", name, "--out", "design")
        self.assertFalse((self.folder / "design").exists())

    def test_models_that_do_not_fit(self):
        self.refused(["nano", "hidden"], "run", "--model", "synth:bitnet-0.7b", "--hw", "nano",
                     "--arithmetic", "device", "--ids", "1")


class Json(Case):
    def check_figures(self, node, path=""):
        """Every number is a figure with unit and evidence, but those that need none."""
        if isinstance(node, dict):
            if "evidence" in node:
                self.assertIn(node["evidence"], EVIDENCE, path)
                self.assertIsInstance(node["unit"], str, path)
                self.assertTrue("value" in node or "values" in node, path)
                return
            for key, value in node.items():
                if key not in ("ids", "prompt_ids", "check", "wall_seconds", "version"):
                    self.check_figures(value, f"{path}.{key}")
        elif isinstance(node, list):
            for value in node:
                self.check_figures(value, path)
        else:
            self.assertNotIsInstance(node, (int, float), path) if not isinstance(
                node, bool) else None

    def check_common(self, report, command):
        self.assertEqual(report["command"], command)
        for key in ("model", "hw", "version", "wall_seconds"):
            self.assertIn(key, report)
        self.check_figures(report)

    def test_run(self):
        for arithmetic in ("reference", "device"):
            report = self.report("run", "--model", SHORT_T, "--ids", "41,67,154", "--tokens", "5",
                                 "--hw", "nano" if arithmetic == "reference" else "kv260",
                                 "--arithmetic", arithmetic)
            self.check_common(report, "run")
            self.assertEqual(report["prompt_ids"], [41, 67, 154])
            self.assertEqual(len(report["ids"]), 5)
            self.assertGreater(report["decode_rate"]["value"], 0)
            self.assertGreater(report["prefill_rate"]["value"], 0)

    def test_run_writes_logits(self):
        golden = json.loads((DATA / "shortT" / "reference.json").read_text())
        ids = golden["tokens"]
        self.succeeds("run", "--model", SHORT_T, "--ids", ",".join(map(str, ids)), "--tokens", "0",
                      "--logits", self.folder / "logits.f32")
        expected = (DATA / "shortT" / "logits_int.f32").read_bytes()
        got = (self.folder / "logits.f32").read_bytes()
        self.assertEqual(len(got), len(expected))
        n = len(got) // 4
        worst = max(abs(a - b) for a, b in zip(struct.unpack(f"<{n}f", got),
                                               struct.unpack(f"<{n}f", expected)))
        self.assertLess(worst, 1e-4)

    def test_one_token_has_no_decode_rate(self):
        report = self.report("run", "--model", SHORT_T, "--ids", "41", "--tokens", "1")
        self.assertIsNone(report["decode_rate"]["value"])

    def test_context_decodes_after_seeded_positions(self):
        arguments = ("run", "--model", SHORT_T, "--arithmetic", "device", "--context", "100")
        ids = None
        for hw, threads in (("nano", "1"), ("kv260", "2")):
            report = self.report(*arguments, "--tokens", "4", "--hw", hw, "--threads", threads)
            self.check_common(report, "run")
            self.assertEqual(len(report["prompt_ids"]), 1)
            self.assertEqual(len(report["ids"]), 4)
            self.assertIsNone(report["prefill_rate"]["value"])
            self.assertGreater(report["decode_rate"]["value"], 0)
            self.assertEqual(report["ids"], ids or report["ids"])
            ids = report["ids"]
        self.assertGreater(self.report(*arguments, "--tokens", "1")["decode_rate"]["value"], 0)

    def test_eval(self):
        text = self.folder / "text.txt"
        text.write_text("Once upon a time there was a king who had a daughter.\n")
        report = self.report("eval", "--model", SHORT_T, "--text", text)
        self.check_common(report, "eval")
        for arithmetic in ("reference", "device"):
            self.assertGreater(report[arithmetic]["perplexity"]["value"], 1)
            self.assertGreater(report[arithmetic]["bits_per_char"]["value"], 0)
        self.assertGreaterEqual(report["kl"]["value"], 0)
        self.assertLessEqual(report["top1_agreement"]["value"], 1)

    def test_inspect(self):
        report = self.report("model", "inspect", SHORT_T)
        self.check_common(report, "model inspect")
        zero = json.loads((DATA / "shortT" / "reference.json").read_text())["zero_fraction"]
        self.assertGreater(report["zero_fraction"]["value"], min(zero.values()))
        self.assertLess(report["zero_fraction"]["value"], max(zero.values()))

    def test_lists(self):
        self.assertIn("kv260", self.succeeds("hw", "list").stdout)
        self.assertIn("bitnet-2b4t", self.succeeds("model", "list").stdout)


class Files(Case):
    def test_generate_twice_gives_the_same_bytes(self):
        for folder in ("one", "two"):
            self.succeeds("generate", "--hw", "nano", "--out", folder)
        one = sorted(p.relative_to(self.folder / "one") for p in (self.folder / "one").rglob("*"))
        two = sorted(p.relative_to(self.folder / "two") for p in (self.folder / "two").rglob("*"))
        self.assertEqual(one, two)
        for path in one:
            a, b = self.folder / "one" / path, self.folder / "two" / path
            if a.is_file():
                self.assertEqual(a.read_bytes(), b.read_bytes(), path)

    def test_generate_with_a_model_writes_its_program(self):
        self.succeeds("generate", "--hw", "nano", "--model", SHORT_T, "--out", "design")
        self.assertEqual((self.folder / "design" / "program.tfpr").read_bytes()[:4], b"TFPR")

    def test_generate_replaces_its_own_output_only(self):
        self.succeeds("generate", "--hw", "nano", "--out", "design")
        self.succeeds("generate", "--hw", "nano", "--out", "design")
        (self.folder / "mine").mkdir()
        (self.folder / "mine" / "letter.txt").write_text("dear")
        self.refused(["mine"], "generate", "--hw", "nano", "--out", "mine")
        self.assertEqual([p.name for p in (self.folder / "mine").iterdir()], ["letter.txt"])

    def test_what_cannot_be_written_is_an_error(self):
        self.refused(["no/where.json"], "run", "--model", SHORT_T, "--ids", "1", "--tokens", "0",
                     "--json", "no/where.json")
        self.assertEqual(list(self.folder.iterdir()), [])


    def test_a_build_that_fails_leaves_its_log_and_nothing_else(self):
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "verilator").write_text(
            "#!/bin/sh\n[ \"$1\" = --version ] && echo Verilator 0 && exit\necho no such luck\nexit 1\n")
        (tools / "verilator").chmod(0o755)
        cache = self.folder / "cache"
        result = subprocess.run(
            [TERNFAB, "simulate", "--model", SHORT_T, "--hw", "nano", "--ids", "1"],
            capture_output=True, text=True, timeout=60, check=False,
            env=dict(os.environ, TERNFAB_CACHE=str(cache), PATH=f"{tools}:{os.environ['PATH']}"))
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        log, = cache.iterdir()
        self.assertEqual(result.stderr, f"ternfab: verilator failed: see {log}\n")
        self.assertEqual(log.read_text(), "no such luck\n")


class Simulation(Json):
    def test_simulated_tokens_are_those_of_the_cpu(self):
        arguments = ("--model", SHORT_T, "--hw", "nano", "--ids", "41,67,154", "--tokens", "3")
        cpu = self.report("run", "--arithmetic", "device", *arguments)
        rtl = self.report("simulate", "--check", *arguments)
        self.check_common(rtl, "simulate")
        self.assertEqual(rtl["ids"], cpu["ids"])
        self.assertEqual(rtl["fidelity"], "rtl")
        self.assertEqual(rtl["check"]["mismatches"], 0)
        self.assertGreater(rtl["check"]["instructions"], 1000)
        per_token = rtl["cycles"]["per_token"]["values"]
        self.assertEqual(len(per_token), 3)
        self.assertEqual(rtl["cycles"]["total"]["value"], sum(per_token))
        for key in ("bytes_per_token", "utilisation", "weight_utilisation"):
            self.assertGreater(rtl["memory"][key]["value"], 0)
        parts = rtl["memory"]["bytes_per_token"]["parts"]
        self.assertEqual(sum(part["value"] for part in parts.values()),
                         rtl["memory"]["bytes_per_token"]["value"])
        for key in ("weights", "head", "kv", "embedding", "program"):
            self.assertGreater(parts[key]["value"], 0)
        self.assertEqual(sum(cause["value"] for cause in rtl["stalls"].values()), sum(per_token))
        limits = rtl["limits"]
        self.assertEqual(sum(part["all"]["value"] for part in limits["parts"].values()),
                         sum(per_token[1:]))
        for part in limits["parts"].values():
            causes = [figure["value"] for cause, figure in part.items() if cause != "all"]
            self.assertEqual(sum(causes), part["all"]["value"])
        self.assertIn("1", limits["layers"])
        self.assertGreater(rtl["cycles_per_second"]["value"], 0)

    def test_systemc_has_the_cycles_of_the_rtl(self):
        arguments = ("--model", SHORT_T, "--hw", "nano", "--ids", "41,67", "--tokens", "2")
        rtl = self.report("simulate", *arguments)
        systemc = self.report("simulate", "--fidelity", "systemc", *arguments)
        for key in ("ids", "cycles", "stalls", "limits", "memory"):
            self.assertEqual(rtl[key], systemc[key], key)
        self.refused(["--fst"], "simulate", "--fidelity", "systemc", "--fst", "w.fst", *arguments)

    def test_timeline(self):
        self.succeeds("simulate", "--model", SHORT_T, "--hw", "nano", "--ids", "41", "--tokens",
                      "1", "--timeline", "t.json")
        events = json.loads((self.folder / "t.json").read_text())["traceEvents"]
        rows = {e["args"]["name"] for e in events if e["name"] == "thread_name"}
        self.assertIn("ternary unit", rows)
        self.assertIn("memory port 0", rows)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["t.json"])
        self.refused(["no/where.json"], "simulate", "--model", SHORT_T, "--hw", "nano", "--ids",
                     "41", "--timeline", "no/where.json")

    def test_matvec(self):
        report = self.report("simulate", "--hw", "nano", "--matvec", "33x81x2")
        self.assertEqual(report["matvec"]["beats"]["value"], 33 * 3)
        self.assertLess(report["matvec"]["constant"]["value"], 64)
        self.assertEqual(report["check"]["mismatches"], 0)

    def test_layers(self):
        report = self.report("simulate", "--model", SHORT_T, "--hw", "nano", "--ids", "41",
                             "--layers", "1..1", "--check")
        self.assertEqual(report["ids"], [])
        self.assertEqual(report["check"]["mismatches"], 0)


if __name__ == "__main__":
    unittest.main()
