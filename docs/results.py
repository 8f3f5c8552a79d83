#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/results.md: every preset with the shipped model and with models of public shapes.

usage: results.py path/to/ternfab

Weights of public shapes are random (`synth:`), which changes no cycle. Decode: one token at
context 128; prefill: 128 tokens or 8. The cycles are those of the cycle model, which the tests hold equal
to the RTL's, instruction by instruction.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

PRESETS = ["nano", "arty-a7-35t", "kv260"]
MODELS = [
    ("tales", "tales"),
    ("0.7B", "synth:bitnet-0.7b"),
    ("2B4T", "synth:bitnet-2b4t"),
    ("Llama3-8B-1.58", "synth:llama3-8b-1.58"),
]
CONTEXT = 128
PREFILL = 128  # of these; of the others fewer, which changes the rate little and saves hours
LONG_PREFILL = [("nano", "tales"), ("arty-a7-35t", "tales"), ("kv260", "tales"), ("kv260", "2B4T")]
SHORT_PREFILL = 8
ATTENTION = ("kv260", "synth:bitnet-2b4t", (128, 1024, 4095))
ATTENTION_HEAD = """
## Attention

2B4T on `kv260`, one decoded token after so many others. *Cost*: cycles beyond those of a token after one other. *Bound*: the bytes of the KV cache that the
token reads and writes, at one wide beat ({wide} bytes) a cycle.
The cost is greater: scores, softmax and weighted sums of a KV group wait for each other, and only other groups' work hides that.

| context | cycles a token | decode, tokens/s | KV cache, bytes | bound, cycles | cost, cycles | cost / bound | of the cost: memory, int8, vector |
|---|---|---|---|---|---|---|---|
"""
HEAD = """# Results

Made by `make results`: every preset with the shipped model `tales` and with models of public shapes (random ternary weights, which change no cycle).
Cycles are *simulated* by the cycle model (`--fidelity systemc`), which issues and retires every instruction in the RTL's cycle; rates are at the clock that
the spec gives. Decode is one token at context {context}, prefill the stated number of tokens from an empty context (each start also runs the LM head). *Utilisation*: beats of weights and head / cycles; *weights*: ternary
beats / cycles up to the last of them. *Limit*: what the decode step's cycles went to besides weights and head, the greatest first. The simulator's speed is *measured*
on the machine that made this page, data included.

| preset | model | decode, tokens/s | cycles a token | prefill, tokens/s (tokens) | weight reuse | utilisation | weights | limit | simulator, cycles/s |
|---|---|---|---|---|---|---|---|---|---|
"""


def simulate(ternfab, arguments):
    """The JSON of a simulation, or the one line that says why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "out.json"
        run = subprocess.run([ternfab, "simulate", "--fidelity", "systemc", "--json", str(path)] +
                             arguments, capture_output=True, text=True)
        if run.returncode == 0:
            return json.loads(path.read_text()), None
        if run.returncode != 2:
            raise SystemExit(f"{arguments}: status {run.returncode}: {run.stderr}")
        return None, run.stderr.strip().removeprefix("ternfab: ")


def limit(result):
    """The greatest two causes beside weights and head, in percent of the cycles."""
    causes = {name: figure["value"] for name, figure in result["stalls"].items()}
    total = result["cycles"]["total"]["value"]
    named = sorted(((cycles, name) for name, cycles in causes.items()
                    if name not in ("weights", "head")), reverse=True)[:2]
    return ", ".join(f"{name} {100 * cycles / total:.1f}%" for cycles, name in named)


def prefill(ternfab, model, preset, tokens):
    ids = ",".join(str(7 * i % 1000) for i in range(tokens))
    result, _ = simulate(ternfab, ["--model", model, "--hw", preset, "--ids", ids, "--tokens", "1"])
    return result["prefill_rate"]["value"]


def row(ternfab, preset, name, model):
    result, error = simulate(ternfab, ["--model", model, "--hw", preset, "--context", str(CONTEXT),
                                       "--tokens", "1"])
    if result is None:
        return f"| `{preset}` | {name} | does not fit: {error} | | | | | | | |\n"
    batch = result_batch(ternfab, preset)
    tokens = PREFILL if (preset, name) in LONG_PREFILL else SHORT_PREFILL
    memory = result["memory"]
    return (f"| `{preset}` | {name} | {result['decode_rate']['value']:,.1f} "
            f"| {result['cycles']['total']['value']:,} "
            f"| {prefill(ternfab, model, preset, tokens):,.1f} ({tokens}) | {min(batch, tokens)} "
            f"| {memory['utilisation']['value']:.3f} | {memory['weight_utilisation']['value']:.3f} "
            f"| {limit(result)} | {result['cycles_per_second']['value'] / 1e6:,.1f} M |\n")


def attention(ternfab):
    """The section on attention: what a longer context costs, against the bytes of its KV cache."""
    preset, model, contexts = ATTENTION

    def run(context):
        result, error = simulate(ternfab, ["--model", model, "--hw", preset, "--context",
                                           str(context), "--tokens", "1"])
        if result is None:
            raise SystemExit(error)
        return result

    def causes(result):
        return {name: figure["value"] for name, figure in result["stalls"].items()}

    wide = wide_bytes(ternfab, preset)
    page = ATTENTION_HEAD.format(wide=wide)
    short = run(1)
    before, base = causes(short), short["cycles"]["total"]["value"]
    for context in contexts:
        print(f"results: {preset}, context {context}", file=sys.stderr)
        result = run(context)
        cycles = result["cycles"]["total"]["value"]
        kv = result["memory"]["bytes_per_token"]["parts"]["kv"]["value"]
        bound, cost, now = kv / wide, cycles - base, causes(result)
        parts = ", ".join(f"{100 * (now[c] - before[c]) / cost:.0f}%"
                          for c in ("memory", "int8", "vector"))
        page += (f"| {context:,} | {cycles:,} | {result['decode_rate']['value']:.1f} | {kv:,.0f} "
                 f"| {bound:,.0f} | {cost:,} | {cost / bound:.2f} | {parts} |\n")
    return page


def hardware(ternfab, preset):
    return subprocess.run([ternfab, "hw", "show", preset], capture_output=True, text=True,
                          check=True).stdout


def field(text, name):
    return int(next(line.split()[1] for line in text.splitlines()
                    if line.strip().startswith(f"{name}:")))


def wide_bytes(ternfab, preset):
    text = hardware(ternfab, preset)
    return field(text, "ports") * field(text, "width_bits") // 8


def result_batch(ternfab, preset):
    """Tokens that share one pass over the weights."""
    return field(hardware(ternfab, preset), "batch")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    ternfab = sys.argv[1]
    page = HEAD.format(context=CONTEXT)
    for preset in PRESETS:
        for name, model in MODELS:
            print(f"results: {preset}, {name}", file=sys.stderr)
            page += row(ternfab, preset, name, model)
    page += attention(ternfab)
    (pathlib.Path(__file__).parent / "results.md").write_text(page)


if __name__ == "__main__":
    main()
