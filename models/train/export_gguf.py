# SPDX-License-Identifier: Apache-2.0
"""Writes a checkpoint of train.py as GGUF v3, architecture bitnet-b1.58, ternary layers I2_S."""
import argparse
import struct

import numpy as np
import torch

import bpe
from model import ternary

ARCH = "bitnet-b1.58"
ALIGNMENT = 32
U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
TYPE_F32, TYPE_F16, TYPE_I2_S = 0, 1, 36
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
NORMS = ("attn_norm", "attn_sub_norm", "ffn_norm", "ffn_sub_norm")
TOKEN_NORMAL, TOKEN_CONTROL = 1, 3


def string(text):
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def scalar(kind, value):
    if kind == STRING:
        return string(value)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], value)


def key_value(key, kind, value):
    return string(key) + struct.pack("<I", kind) + scalar(kind, value)


def key_array(key, kind, values):
    head = string(key) + struct.pack("<IIQ", ARRAY, kind, len(values))
    return head + b"".join(scalar(kind, v) for v in values)


def pack_i2_s(trits, scale):
    """Codes (trit + 1) of 128 consecutive weights in 32 bytes, highest bits first; then the
    scale and 28 bytes of padding."""
    codes = (trits.reshape(-1, 4, 32) + 1).astype(np.uint8)
    packed = codes[:, 0] << 6 | codes[:, 1] << 4 | codes[:, 2] << 2 | codes[:, 3]
    return packed.tobytes() + struct.pack("<f", scale) + bytes(28)


def tensors_of(config, weights):
    """[(name, dims with the fastest first, type, bytes)] of a state dict."""
    def plain(name, source, kind):
        value = weights[source].numpy()
        data = value.astype(np.float16 if kind == TYPE_F16 else np.float32).tobytes()
        return name, value.shape[::-1], kind, data

    out = [plain("token_embd.weight", "token_embd", TYPE_F16)]
    for n in range(config["layers"]):
        for norm in NORMS:
            out.append(plain(f"blk.{n}.{norm}.weight", f"layers.{n}.{norm}.weight", TYPE_F32))
        for matrix in MATRICES:
            trits, scale = ternary(weights[f"layers.{n}.{matrix}"])
            out.append((f"blk.{n}.{matrix}.weight", tuple(trits.shape)[::-1], TYPE_I2_S,
                        pack_i2_s(trits.numpy(), scale.item())))
    out.append(plain("output_norm.weight", "output_norm.weight", TYPE_F32))
    return out


def metadata(config, tokenizer):
    kinds = [TOKEN_NORMAL] * tokenizer.end_of_text + [TOKEN_CONTROL]
    return [
        key_value("general.architecture", STRING, ARCH),
        key_value("general.name", STRING, "tales"),
        key_value("general.license", STRING, "apache-2.0"),
        key_value("general.alignment", U32, ALIGNMENT),
        key_value(f"{ARCH}.vocab_size", U32, config["vocab_size"]),
        key_value(f"{ARCH}.context_length", U32, config["context"]),
        key_value(f"{ARCH}.embedding_length", U32, config["dim"]),
        key_value(f"{ARCH}.block_count", U32, config["layers"]),
        key_value(f"{ARCH}.feed_forward_length", U32, config["ffn_dim"]),
        key_value(f"{ARCH}.attention.head_count", U32, config["heads"]),
        key_value(f"{ARCH}.attention.head_count_kv", U32, config["kv_heads"]),
        key_value(f"{ARCH}.attention.layer_norm_rms_epsilon", F32, config["norm_eps"]),
        key_value(f"{ARCH}.rope.dimension_count", U32, config["dim"] // config["heads"]),
        key_value(f"{ARCH}.rope.freq_base", F32, config["rope_theta"]),
        key_value("tokenizer.ggml.model", STRING, "gpt2"),
        key_value("tokenizer.ggml.pre", STRING, "gpt-2"),
        key_array("tokenizer.ggml.tokens", STRING, tokenizer.gguf_tokens()),
        key_array("tokenizer.ggml.token_type", I32, kinds),
        key_array("tokenizer.ggml.merges", STRING, tokenizer.gguf_merges()),
        key_value("tokenizer.ggml.bos_token_id", U32, tokenizer.end_of_text),
        key_value("tokenizer.ggml.eos_token_id", U32, tokenizer.end_of_text),
        key_value("tokenizer.ggml.add_bos_token", BOOL, False),
    ]


def write_gguf(path, keys, tensors):
    infos, blobs, offset = b"", [], 0
    for name, dims, kind, data in tensors:
        infos += string(name) + struct.pack(f"<I{len(dims)}Q", len(dims), *dims)
        infos += struct.pack("<IQ", kind, offset)
        blobs.append(data + bytes(-len(data) % ALIGNMENT))
        offset += len(blobs[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys)) + b"".join(keys) + infos
    with open(path, "wb") as f:
        f.write(head + bytes(-len(head) % ALIGNMENT) + b"".join(blobs))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--tokenizer", required=True, help="tokenizer.json written by train.py")
    p.add_argument("--out", required=True)
    args = p.parse_args()
    state = torch.load(args.checkpoint, map_location="cpu")
    config = state["config"]
    if not config["ternary"]:
        raise SystemExit(f"{args.checkpoint}: a full-precision twin has no ternary layers")
    tokenizer = bpe.Tokenizer.load(args.tokenizer)
    write_gguf(args.out, metadata(config, tokenizer), tensors_of(config, state["model"]))
    print(f"{args.out}: step {state['step']}, {state['tokens']} tokens seen")


if __name__ == "__main__":
    main()
