# SPDX-License-Identifier: Apache-2.0
"""Trains the tales model from scratch on a CPU; see README.md for the command.

The learning rate follows the larger of step/steps and elapsed/time limit, so a run ends in time
on a slow machine and still ends with a small rate.
"""
import argparse
import dataclasses
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import bpe
from model import Config, Model


def parse_args():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--text", required=True, help="training text")
    p.add_argument("--val", required=True, help="validation text")
    p.add_argument("--out", required=True, help="folder for checkpoints, tokenizer and log")
    p.add_argument("--name", default="ternary", help="prefix of the checkpoint and the log")
    p.add_argument("--float", action="store_true", help="train the full-precision twin")
    p.add_argument("--steps", type=int, default=5000)
    p.add_argument("--minutes", type=float, default=1e9, help="wall-clock limit of the run")
    p.add_argument("--batch", type=int, default=8, help="windows of one context per step")
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--warmup", type=int, default=100, help="steps of linear warm-up")
    p.add_argument("--weight-decay", type=float, default=0.05)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--log-every", type=int, default=100)
    p.add_argument("--save-minutes", type=float, default=10)
    p.add_argument("--resume", action="store_true", help="continue from the checkpoint in --out")
    return p.parse_args()


def read_tokens(path, tokenizer):
    with open(path, "rb") as f:
        return np.array(tokenizer.encode(f.read()), dtype=np.int64)


def load_tokenizer(out, text_path, vocab_size):
    path = os.path.join(out, "tokenizer.json")
    if not os.path.exists(path):
        with open(text_path, "rb") as f:
            bpe.Tokenizer(bpe.learn(f.read(), vocab_size)).save(path)
    return bpe.Tokenizer.load(path)


class Windows:
    """Batches of context + 1 contiguous tokens; each epoch shifts and shuffles the grid."""

    def __init__(self, tokens, context, batch, seed):
        self.tokens, self.context, self.batch = tokens, context, batch
        self.rng = np.random.default_rng(seed)
        self.starts = []

    def next(self):
        while len(self.starts) < self.batch:
            grid = np.arange(self.rng.integers(self.context), len(self.tokens) - self.context,
                             self.context)
            self.starts += self.rng.permutation(grid).tolist()
        chosen, self.starts = self.starts[:self.batch], self.starts[self.batch:]
        rows = np.stack([self.tokens[s:s + self.context + 1] for s in chosen])
        return torch.from_numpy(rows)


@torch.no_grad()
def bits_per_char(model, tokens, token_lengths, rows=8):
    """Bits per byte of text over non-overlapping windows; a window's first token is not scored."""
    context, bits, chars = model.c.context, 0.0, 0
    lengths = torch.tensor(token_lengths)
    full = len(tokens) // context
    grids = [torch.from_numpy(tokens[:full * context]).view(full, context)]
    if len(tokens) - full * context > 1:
        grids.append(torch.from_numpy(tokens[full * context:])[None])
    for grid in grids:
        for ids in grid.split(rows):
            logits, target = model(ids)[:, :-1].flatten(0, 1), ids[:, 1:].flatten()
            bits += F.cross_entropy(logits, target, reduction="sum").item() / math.log(2)
            chars += lengths[target].sum().item()
    return bits / chars


def optimizer_of(model, args):
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and n != "token_embd"]
    others = [p for n, p in model.named_parameters() if p.dim() != 2 or n == "token_embd"]
    groups = [{"params": matrices, "weight_decay": args.weight_decay},
              {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=args.lr, betas=(0.9, 0.95), eps=1e-8)


def save(path, state):
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)


def train(args):
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    config = Config(ternary=not args.float)
    tokenizer = load_tokenizer(args.out, args.text, config.vocab_size)
    lengths = tokenizer.token_lengths()
    windows = Windows(read_tokens(args.text, tokenizer), config.context, args.batch, args.seed)
    val = read_tokens(args.val, tokenizer)
    val_slice = val[:len(val) // 8]
    model = Model(config)
    optimizer = optimizer_of(model, args)
    checkpoint = os.path.join(args.out, args.name + ".pt")
    step, earlier_s, earlier_cpu_s = 0, 0.0, 0.0
    if args.resume:
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, earlier_s, earlier_cpu_s = state["step"], state["wall_s"], state["cpu_s"]
        for _ in range(step):
            windows.next()
    start, start_cpu, saved = time.monotonic(), time.process_time(), time.monotonic()

    def wall_s():
        return earlier_s + time.monotonic() - start

    def state():
        return {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step,
                "config": dataclasses.asdict(config), "args": vars(args),
                "tokens": step * args.batch * config.context, "wall_s": wall_s(),
                "cpu_s": earlier_cpu_s + time.process_time() - start_cpu}

    def log(line):
        print(line, flush=True)
        with open(os.path.join(args.out, "log.txt"), "a", encoding="ascii") as f:
            f.write(f"{args.name}: {line}\n")

    parameters = sum(p.numel() for p in model.parameters())
    log(f"{parameters} parameters, {len(windows.tokens)} training tokens, {len(val)} validation "
        f"tokens, {args.steps} steps, {args.minutes:g} minutes")
    mean_loss = math.log(config.vocab_size)
    while True:
        done = max(step / args.steps, wall_s() / (60 * args.minutes))
        if done >= 1:
            break
        rate = min((step + 1) / args.warmup, 0.5 + 0.5 * math.cos(math.pi * done))
        for group in optimizer.param_groups:
            group["lr"] = args.lr * rate
        ids = windows.next()
        logits = model(ids[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        mean_loss += (loss.item() - mean_loss) * 0.02
        if step % args.log_every == 0:
            slice_bits = bits_per_char(model, val_slice, lengths)
            speed = (step * args.batch * config.context) / wall_s()
            log(f"step {step} loss {mean_loss:.4f} val slice {slice_bits:.4f} bits/char "
                f"rate {rate:.3f} {wall_s():.0f} s {speed:.0f} tokens/s")
        if time.monotonic() - saved > 60 * args.save_minutes:
            save(checkpoint, state())
            saved = time.monotonic()
    final = state()
    final["val_bits_per_char"] = bits_per_char(model, val, lengths)
    save(checkpoint, final)
    log(f"finished: {step} steps, {final['tokens']} tokens, {final['wall_s']:.0f} s wall, "
        f"{final['cpu_s']:.0f} s CPU, whole validation text "
        f"{final['val_bits_per_char']:.4f} bits/char")


if __name__ == "__main__":
    train(parse_args())
