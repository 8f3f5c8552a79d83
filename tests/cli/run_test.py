# SPDX-License-Identifier: Apache-2.0
"""`ternfab run` as a process, in pipes and on a terminal. usage: run_test.py [Suite[.test]]

The environment names the command (TERNFAB) and the test data (TF_TEST_DATA).
"""
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import unittest

import tiny_model

TERNFAB = os.environ["TERNFAB"]
DATA = pathlib.Path(os.environ["TF_TEST_DATA"])
TOKENIZER = DATA / "tokenizers" / "llama3"
BITNET_TEMPLATE = "{{ role | capitalize + ': ' + content + '<|eot_id|>' }}{{ 'Assistant: ' }}"
PATIENCE_SECONDS = 120


def run(*arguments, text=None):
    return subprocess.run([TERNFAB, "run", *map(str, arguments)], input=text, capture_output=True,
                          timeout=600, check=False)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.folder = pathlib.Path(cls.holder.name)
        cls.model = cls.folder / "tiny.gguf"
        cls.model.write_bytes(tiny_model.make(TOKENIZER))

    def report(self, *arguments, text=None, status=0):
        path = self.folder / "out.json"
        result = run(*arguments, "--json", path, text=text)
        self.assertEqual(result.returncode, status, result.stderr)
        return json.loads(path.read_text(encoding="utf-8")), result

    def refused(self, words, *arguments, text=b""):
        result = run(*arguments, text=text)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertEqual(result.stdout, b"")
        lines = result.stderr.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        for word in words:
            self.assertIn(word, lines[0])


class Text(Case):
    def test_the_stream_is_the_text_and_valid(self):
        seen_replacement = False
        for seed in range(3):
            report, result = self.report("--model", self.model, "--prompt", "the mill", "--tokens",
                                         "60", "--temperature", "1", "--seed", str(seed))
            self.assertEqual(result.stdout.decode("utf-8"), report["text"] + "\n")
            seen_replacement = seen_replacement or "\ufffd" in report["text"]
        self.assertTrue(seen_replacement, "random bytes make invalid characters: none were met")

    def test_nothing_but_statistics_beside_the_text_in_a_pipe(self):
        result = run("--model", self.model, "--prompt", "the mill", "--tokens", "4")
        lines = result.stderr.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("tokens/s", lines[0])
        self.assertNotIn(b"\x1b", result.stdout + result.stderr)

    def test_figures(self):
        report, result = self.report("--model", self.model, "--prompt", "the mill", "--tokens", "4")
        self.assertEqual(report["stopped"], "tokens")
        self.assertIsNone(report["sampling"])
        for name in ("decode_rate", "prefill_rate", "time_to_first_token"):
            self.assertGreater(report[name]["value"], 0)
            self.assertEqual(report[name]["evidence"], "measured")
        self.assertIn("first token after", result.stderr.decode())
        # Two steps more are, in the mean, one position later: its keys and values are in float32.
        later, _ = self.report("--model", self.model, "--prompt", "the mill", "--tokens", "6")
        width = tiny_model.KV_HEADS * tiny_model.HIDDEN // tiny_model.HEADS
        self.assertEqual(later["bytes_per_token"]["value"] - report["bytes_per_token"]["value"],
                         tiny_model.LAYERS * 2 * width * 4)
        self.assertEqual(report["bytes_per_token"]["evidence"], "modelled")
        self.assertIsNone(report["bandwidth_share"]["value"])  # caches hold so small a model
        device, _ = self.report("--model", self.model, "--prompt", "the mill", "--tokens", "4",
                                "--arithmetic", "device", "--hw", "nano")
        self.assertIsNone(device["bytes_per_token"]["value"])

    def test_end_of_text_stops_and_is_not_printed(self):
        free, _ = self.report("--model", self.model, "--prompt", "a", "--tokens", "12")
        at = next(i for i in range(2, 12) if free["ids"][i] not in free["ids"][:i])
        end = free["ids"][at]
        for name, ends in (("eos", {"eos": end}), ("eot", {"end_of_turn": end})):
            path = self.folder / f"{name}.gguf"
            path.write_bytes(tiny_model.make(TOKENIZER, **ends))
            report, result = self.report("--model", path, "--prompt", "a", "--tokens", "12")
            self.assertEqual(report["ids"], free["ids"][:at], name)
            self.assertEqual(report["stopped"], "end_of_text")
            self.assertIn("end of text", result.stderr.decode())
            ids, _ = self.report("--model", path, "--ids",
                                 ",".join(map(str, free["prompt_ids"])), "--tokens", "12")
            self.assertEqual(ids["ids"], free["ids"], "with --ids nothing ends before --tokens")

    def test_special_tokens_are_text_unless_asked_for(self):
        arguments = ("--model", self.model, "--prompt", "a<|eot_id|>", "--tokens", "0")
        text, _ = self.report(*arguments)
        special, _ = self.report(*arguments, "--special-tokens")
        self.assertEqual(len(special["prompt_ids"]), 3)  # BOS, a, the token
        self.assertGreater(len(text["prompt_ids"]), 3)
        self.assertEqual(text["prompt_ids"][:2], special["prompt_ids"][:2])


class Sampling(Case):
    def ids(self, *arguments):
        report, _ = self.report("--model", self.model, "--prompt", "the", "--tokens", "20",
                                *arguments)
        return report["ids"], report["sampling"]

    def test_a_seed_gives_the_same_text(self):
        first, sampling = self.ids("--seed", "7")
        self.assertEqual(first, self.ids("--seed", "7", "--threads", "1")[0])
        self.assertNotEqual(first, self.ids("--seed", "8")[0])
        self.assertEqual(sampling["temperature"]["value"], 1)
        self.assertEqual(sampling["seed"]["value"], 7)

    def test_a_run_without_a_seed_can_be_repeated(self):
        ids, sampling = self.ids("--temperature", "0.9", "--top-k", "50", "--top-p", "0.95")
        again, _ = self.ids("--temperature", "0.9", "--top-k", "50", "--top-p", "0.95", "--seed",
                            str(sampling["seed"]["value"]))
        self.assertEqual(ids, again)

    def test_one_candidate_is_greedy(self):
        greedy, sampling = self.ids()
        self.assertIsNone(sampling)
        self.assertEqual(self.ids("--top-k", "1")[0], greedy)
        self.assertEqual(self.ids("--top-p", "1e-9")[0], greedy)
        self.assertEqual(self.ids("--temperature", "0", "--seed", "3")[0], greedy)

    def test_bad_values_are_refused(self):
        for flag, value in (("--temperature", "-1"), ("--top-k", "-2"), ("--top-p", "0"),
                            ("--top-p", "1.5"), ("--seed", "-1"), ("--seed", "x")):
            self.refused([flag], "--model", self.model, "--prompt", "a", flag, value)


class Chat(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bitnet = cls.folder / "bitnet.gguf"
        cls.bitnet.write_bytes(tiny_model.make(TOKENIZER, chat_template=BITNET_TEMPLATE))

    def special(self, text, model=None):
        """Ids of a text with special tokens, BOS first."""
        report, _ = self.report("--model", model or self.model, "--prompt", text, "--tokens", "0",
                                "--special-tokens")
        return report["prompt_ids"]

    def test_templates(self):
        chats = {
            (): "User: Hi<|eot_id|>Assistant: ",
            ("--system", "Be brief."): "System: Be brief.<|eot_id|>User: Hi<|eot_id|>Assistant: ",
            ("--template", "llama3"):
                "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                "<|start_header_id|>assistant<|end_header_id|>\n\n"}
        for flags, expected in chats.items():
            report, _ = self.report("--model", self.bitnet, "--chat", "--prompt", "Hi", "--tokens",
                                    "3", *flags)
            self.assertEqual(report["prompt_ids"], self.special(expected), flags)
            self.assertEqual(len(report["ids"]), 3)

    def test_an_answer_may_fill_the_context(self):
        for seed in range(30):  # most answers of random weights end before by a token that ends
            report, _ = self.report("--model", self.bitnet, "--chat", "--prompt", "Hi", "--seed",
                                    seed)
            if report["stopped"] != "end_of_text":
                break
        self.assertEqual(len(report["prompt_ids"]) + len(report["ids"]), tiny_model.CONTEXT)

    def test_turns_keep_the_cache(self):
        report, result = self.report("--model", self.bitnet, "--interactive", "--tokens", "8",
                                     "--system", "S", text="Hi\n\nAnd now?\n".encode())
        first, second = report["turns"]
        self.assertEqual(result.stdout.decode(), first["text"] + "\n" + second["text"] + "\n")
        self.assertEqual(first["prompt_ids"], self.special(
            "System: S<|eot_id|>User: Hi<|eot_id|>Assistant: "))
        # The second turn reads the last token of the first answer, its end, and the new message.
        self.assertEqual(second["prompt_ids"], first["ids"][-1:] + self.special(
            "<|eot_id|>User: And now?<|eot_id|>Assistant: ")[1:])
        whole = first["prompt_ids"] + first["ids"][:-1] + second["prompt_ids"]
        unbroken, _ = self.report("--model", self.bitnet, "--ids", ",".join(map(str, whole)),
                                  "--tokens", "8")
        self.assertEqual(second["ids"], unbroken["ids"])

    def test_clear_begins_again(self):
        report, _ = self.report("--model", self.bitnet, "--interactive", "--tokens", "4",
                                text=b"Hi\n/clear\nHi\n")
        first, second = report["turns"]
        self.assertEqual(first["prompt_ids"], second["prompt_ids"])
        self.assertEqual(first["ids"], second["ids"])

    def test_no_input_is_no_turn(self):
        report, result = self.report("--model", self.bitnet, "--interactive", text=b"")
        self.assertEqual(report["turns"], [])
        self.assertEqual(result.stdout + result.stderr, b"")

    def test_bad_chats_are_refused(self):
        model = ("--model", self.bitnet)
        self.refused(["--system", "--chat"], *model, "--prompt", "a", "--system", "S")
        self.refused(["--template", "--chat"], *model, "--prompt", "a", "--template", "llama3")
        self.refused(["--template"], *model, "--chat", "--prompt", "a", "--template", "alpaca")
        self.refused(["--chat", "--prompt"], *model, "--chat")
        self.refused(["--chat", "--ids"], *model, "--chat", "--ids", "1")
        self.refused(["tales", "--template"], "--chat", "--prompt", "a")
        self.refused(["no tokenizer"], "--model", "synth:bitnet-0.7b", "--interactive")
        long = "mill " * 400
        self.refused([str(tiny_model.CONTEXT)], *model, "--chat", "--prompt", long)
        self.refused([str(tiny_model.CONTEXT)], *model, "--interactive", text=long.encode())
        self.refused(["UTF-8"], *model, "--interactive", text=b"ab\xff\n")


class Terminal:
    """The command on a terminal of its own."""

    def __init__(self, *arguments):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execv(TERNFAB, [TERNFAB, "run", *map(str, arguments)])
        self.seen = b""

    def read_until(self, words, after=0):
        """Reads until `words` stand behind position `after`; returns the position behind them."""
        while (at := self.seen.find(words, after)) < 0:
            self.read_more(words)
        return at + len(words)

    def read_beyond(self, position):
        """Reads until something stands behind `position`."""
        while len(self.seen) <= position:
            self.read_more("more")

    def read_more(self, hoped_for):
        ready, _, _ = select.select([self.master], [], [], PATIENCE_SECONDS)
        if not ready:
            raise AssertionError(f"no {hoped_for!r} in {self.seen!r}")
        try:
            part = os.read(self.master, 4096)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            raise AssertionError(f"ended without {hoped_for!r}: {self.seen!r}")
        self.seen += part

    def type(self, data):
        os.write(self.master, data)

    def status(self):
        """Exit status after the end of the output; minus the signal that ended it."""
        try:
            while True:
                part = os.read(self.master, 4096)
                if not part:
                    break
                self.seen += part
        except OSError:
            pass
        os.close(self.master)
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


class OnATerminal(Case):
    LONG = 60000  # tokens that take much longer than it takes to press Ctrl-C

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.long = cls.folder / "long.gguf"
        # Of these weights the most likely text runs into a loop: nothing but Ctrl-C ends it.
        cls.long.write_bytes(tiny_model.make(TOKENIZER, chat_template=BITNET_TEMPLATE,
                                             context=cls.LONG + 1000, seed=5))
        cls.slow = ("--model", cls.long, "--prompt", "the mill", "--tokens", cls.LONG)

    def test_ctrl_c_stops_with_the_statistics(self):
        path = self.folder / "stopped.json"
        terminal = Terminal(*map(str, self.slow), "--json", path)
        terminal.read_beyond(0)
        terminal.type(b"\x03")
        self.assertEqual(terminal.status(), 130)
        self.assertIn(b"stopped by Ctrl-C", terminal.seen)
        self.assertIn(b"tokens/s", terminal.seen)
        report = json.loads(path.read_text())
        self.assertEqual(report["stopped"], "interrupt")
        self.assertLess(len(report["ids"]), self.LONG)
        self.assertGreater(len(report["ids"]), 0)

    def test_the_signal_does_the_same_in_a_pipe(self):
        process = subprocess.Popen([TERNFAB, "run", *map(str, self.slow)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        os.read(process.stdout.fileno(), 1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        self.assertEqual(process.returncode, 130)
        self.assertIn(b"stopped by Ctrl-C", errors)

    def test_chat(self):
        model = self.folder / "chat.gguf"
        model.write_bytes(tiny_model.make(TOKENIZER, chat_template=BITNET_TEMPLATE))
        terminal = Terminal("--model", model, "--interactive", "--tokens", "5")
        at = terminal.read_until(b"> ")
        terminal.type(b"Hi\n")
        at = terminal.read_until(b"Hi\r\n", at)
        at = terminal.read_until(b"\r\n> ", at)
        terminal.type("mill ".encode() * 300 + b"\n")
        at = terminal.read_until(b"/clear begins a new conversation", at)
        at = terminal.read_until(b"> ", at)
        terminal.type(b"/clear\n")
        at = terminal.read_until(b"> ", at)
        terminal.type(b"Hi\n")
        terminal.read_until(b"\r\n> ", at)
        terminal.type(b"\x04")
        self.assertEqual(terminal.status(), 0)
        self.assertIn(b"2 turns", terminal.seen)

    def test_ctrl_c_ends_an_answer_and_the_chat_goes_on(self):
        terminal = Terminal("--model", self.long, "--interactive", "--tokens", self.LONG)
        at = terminal.read_until(b"> ")
        terminal.type(b"Hi\n")
        at = terminal.read_until(b"Hi\r\n", at)
        terminal.read_beyond(at)
        terminal.type(b"\x03")
        at = terminal.read_until(b"^C", at)
        terminal.read_until(b"\r\n> ", at)
        terminal.type(b"\x03")
        self.assertEqual(terminal.status(), -signal.SIGINT)


if __name__ == "__main__":
    unittest.main()
