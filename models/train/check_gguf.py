# SPDX-License-Identifier: Apache-2.0
"""Checks an exported model: rereads the file, scores a text, compares logits with the checkpoint.

Bits per char: non-overlapping windows of the model's context, every token but a window's first.
"""
import argparse

import numpy as np

import bpe
from gguf_model import NumpyModel


def tokenizer_of(keys):
    """The tokenizer rebuilt from the file's tokens and merges."""
    ids = {token: i for i, token in enumerate(keys["tokenizer.ggml.tokens"])}
    pairs = [line.split(" ") for line in keys["tokenizer.ggml.merges"]]
    tokenizer = bpe.Tokenizer([(ids[a], ids[b]) for a, b in pairs])
    if tokenizer.gguf_tokens() != keys["tokenizer.ggml.tokens"]:
        raise SystemExit("tokens and merges of the file do not agree")
    return tokenizer


def bits_per_char(model, tokens, token_lengths):
    bits, chars = 0.0, 0
    for start in range(0, len(tokens) - 1, model.context):
        ids = tokens[start:start + model.context]
        logits, target = model.logits(ids)[:-1].astype(np.float64), ids[1:]
        peak = logits.max(-1)
        log_sum = peak + np.log(np.exp(logits - peak[:, None]).sum(-1))
        bits += (log_sum - logits[np.arange(len(target)), target]).sum() / np.log(2)
        chars += token_lengths[target].sum()
    return bits / chars


def logit_difference(path, checkpoint, tokens):
    """Largest difference between the file's logits and the training model's, in float64.

    In float32 the two round a few int8 activations differently, which hides small mistakes.
    """
    import torch
    from model import Config, Layer, Model, ternary
    state = torch.load(checkpoint, map_location="cpu")
    trained = Model(Config(**state["config"]))
    trained.load_state_dict(state["model"])
    frozen = {name: ternary(value.data) for name, value in trained.named_parameters()
              if value.dim() == 2 and name != "token_embd"}
    trained.token_embd.data = trained.token_embd.data.half()
    trained.double()
    for name, value in trained.named_parameters():
        if name in frozen:
            trits, scale = frozen[name]
            value.data = trits.double() * scale.double()
    Layer._weight = lambda layer, weight: weight  # already trits * scale
    model = NumpyModel(path, np.float64)
    ids = tokens[:model.context]
    with torch.no_grad():
        expected = trained(torch.from_numpy(ids)[None])[0].numpy()
    return np.abs(model.logits(ids) - expected).max()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True)
    p.add_argument("--val", required=True, help="text to score")
    p.add_argument("--windows", type=int, default=0, help="score only the first so many windows")
    p.add_argument("--checkpoint", help="compare the logits of the first window with this one")
    args = p.parse_args()
    model = NumpyModel(args.model)
    tokenizer = tokenizer_of(model.keys)
    with open(args.val, "rb") as f:
        tokens = np.array(tokenizer.encode(f.read()))
    if args.checkpoint:
        difference = logit_difference(args.model, args.checkpoint, tokens)
        print(f"logits: largest difference {difference:.2e}")
        if difference > 1e-5:
            raise SystemExit("the file does not compute what the checkpoint computes")
    if args.windows:
        tokens = tokens[:args.windows * model.context]
    result = bits_per_char(model, tokens, np.array(tokenizer.token_lengths()))
    print(f"{len(tokens)} tokens, {result:.4f} bits/char")


if __name__ == "__main__":
    main()
