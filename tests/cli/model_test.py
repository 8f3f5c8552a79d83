# SPDX-License-Identifier: Apache-2.0
"""`ternfab model` as a user runs it. usage: model_test.py [Suite[.test]]"""
import json
import math
import shutil
import unittest

import cli_test
from cli_test import DATA, SHORT_T, run

PACKED = str(DATA / "shortT" / "hf_offline_packed")
IDS = json.loads((DATA / "shortT" / "reference.json").read_text())["tokens"]


class Model(cli_test.Case):
    def logits(self, model):
        path = self.folder / "logits.f32"
        self.succeeds("run", "--model", model, "--ids", ",".join(map(str, IDS)), "--tokens", "0",
                      "--logits", path)
        return path.read_bytes()

    def test_safetensors_runs_as_the_gguf_file(self):
        report = self.report("run", "--model", PACKED, "--ids", "5,6,7", "--tokens", "20")
        same = self.report("run", "--model", SHORT_T, "--ids", "5,6,7", "--tokens", "20")
        self.assertEqual(report["ids"], same["ids"])
        file = self.report("run", "--model", PACKED + "/model.safetensors", "--ids", "5,6,7",
                           "--tokens", "20")
        self.assertEqual(file["ids"], same["ids"])

    def test_every_format_gives_the_same_logits(self):
        expected = self.logits(SHORT_T)
        model = SHORT_T
        for name in ("folder", "a.gguf", "b.gguf", "c.gguf"):
            types = {"a.gguf": ["--type", "TQ1_0"], "b.gguf": ["--type", "TQ2_0"]}
            result = self.succeeds("model", "convert", model, name, *types.get(name, []))
            self.assertIn(name, result.stdout)
            model = name
            self.assertEqual(self.logits(self.folder / name), expected, name)

    def test_inspect_prints_each_tensor(self):
        report = self.report("model", "inspect", PACKED)
        golden = json.loads((DATA / "shortT" / "reference.json").read_text())
        names = {"attn_q": "wq", "attn_k": "wk", "attn_v": "wv", "attn_output": "wo",
                 "ffn_gate": "wg", "ffn_up": "wu", "ffn_down": "wd"}
        self.assertEqual(len(report["tensors"]), 21)
        for tensor in report["tensors"]:
            _, layer, name = tensor["name"].split(".")
            key = f"{layer}.{names[name]}"
            self.assertEqual(tensor["scale"]["value"], golden["weight_scales"][key])
            self.assertAlmostEqual(tensor["zero_fraction"]["value"], golden["zero_fraction"][key])
            self.assertLessEqual(tensor["entropy"]["value"], math.log2(3))
        text = self.succeeds("model", "inspect", PACKED).stdout
        self.assertIn("blk.2.ffn_down", text)
        self.assertIn("bits of entropy", text)

    def test_convert_says_what_is_lost(self):
        report = self.report("model", "convert", PACKED, "out.gguf")
        self.assertEqual(report["bytes"]["value"], (self.folder / "out.gguf").stat().st_size)
        self.assertIn("I2_S", report["written"])

    def test_refusals(self):
        self.refused(["type Q4_0"], "model", "convert", PACKED, "x.gguf", "--type", "Q4_0")
        self.refused(["BitNet"], "model", "convert", PACKED, "x.gguf", "--ternarize")
        self.refused(["nowhere"], "model", "convert", "nowhere", "x.gguf")
        self.refused(["No such file"], "model", "convert", PACKED, "none/x.gguf")
        shutil.copytree(PACKED, self.folder / "in")
        path = self.folder / "in" / "model.safetensors"
        good = path.read_bytes()
        for name, bad in {"cut": good[: len(good) // 2], "header": good[:8] + b"[" + good[9:],
                          "size": b"\xff" * 8 + good[8:]}.items():
            path.write_bytes(bad)
            with self.subTest(name):
                self.refused(["model.safetensors"], "run", "--model", "in", "--ids", "1")
                self.refused(["model.safetensors"], "model", "inspect", "in")
        self.assertEqual({p.name for p in self.folder.iterdir()}, {"in"})


if __name__ == "__main__":
    unittest.main()
