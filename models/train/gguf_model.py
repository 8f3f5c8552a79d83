# SPDX-License-Identifier: Apache-2.0
"""Reads a bitnet-b1.58 GGUF file and computes its logits with numpy alone.

Shares no code with the exporter or the training model, so that it can check both: the ternary
products are integer products, the weights and the tokenizer come from the file.
"""
import struct

import numpy as np

SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?",
           10: "<Q", 11: "<q", 12: "<d"}
F32, F16, I2_S = 0, 1, 36


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        value, = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return value

    def text(self):
        length = self.take("<Q")
        self.at += length
        return self.data[self.at - length:self.at].decode("utf-8")

    def value(self, kind):
        if kind == 8:
            return self.text()
        if kind == 9:
            element, count = self.take("<I"), self.take("<Q")
            return [self.value(element) for _ in range(count)]
        return self.take(SCALARS[kind])


def unpack_i2_s(data, count):
    """(trits, scale): element e is in byte 32 (e/128) + e%32, at bit 6 - 2 (e%128 / 32)."""
    e = np.arange(count)
    codes = np.frombuffer(data, np.uint8, count // 4)[32 * (e // 128) + e % 32]
    codes = codes >> (6 - 2 * (e % 128 // 32)) & 3
    if codes.max() > 2:
        raise ValueError("I2_S code 3")
    return codes.astype(np.float32) - 1, struct.unpack_from("<f", data, count // 4)[0]


def read_gguf(path):
    """(metadata, tensors): a tensor is a float array, or (trits, scale) when ternary."""
    with open(path, "rb") as f:
        data = f.read()
    r = Reader(data)
    if r.take("<I") != 0x46554747 or r.take("<I") != 3:
        raise ValueError(f"{path}: not GGUF version 3")
    tensor_count, key_count = r.take("<Q"), r.take("<Q")
    keys, infos, tensors = {}, [], {}
    for _ in range(key_count):
        key = r.text()
        keys[key] = r.value(r.take("<I"))
    for _ in range(tensor_count):
        name = r.text()
        dims = [r.take("<Q") for _ in range(r.take("<I"))]
        infos.append((name, dims[::-1], r.take("<I"), r.take("<Q")))
    alignment = keys.get("general.alignment", 32)
    base = -(-r.at // alignment) * alignment
    for name, shape, kind, offset in infos:
        count, start = int(np.prod(shape)), base + offset
        if kind == I2_S:
            trits, scale = unpack_i2_s(data[start:start + count // 4 + 32], count)
            tensors[name] = trits.reshape(shape), np.float32(scale)
        else:
            value = np.frombuffer(data, {F32: "<f4", F16: "<f2"}[kind], count, start)
            tensors[name] = value.astype(np.float32).reshape(shape)
    return keys, tensors


class NumpyModel:
    def __init__(self, path, dtype=np.float32):
        self.keys, tensors = read_gguf(path)
        self.tensors = {name: tuple(v.astype(dtype) for v in value) if isinstance(value, tuple)
                        else value.astype(dtype) for name, value in tensors.items()}
        arch = self.keys["general.architecture"]
        self.get = lambda key: self.keys[f"{arch}.{key}"]
        self.context, self.heads = self.get("context_length"), self.get("attention.head_count")
        self.kv_heads, self.head_dim = (self.get("attention.head_count_kv"),
                                        self.get("rope.dimension_count"))
        self.eps = dtype(self.get("attention.layer_norm_rms_epsilon"))
        half = self.head_dim // 2
        angle = np.arange(self.context)[:, None] * (
            float(self.get("rope.freq_base")) ** (-np.arange(half) / half))
        self.cos, self.sin = (t.astype(np.float32).astype(dtype)
                              for t in (np.cos(angle), np.sin(angle)))

    def _norm(self, x, name):
        rms = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self.eps)
        return x / rms * self.tensors[name + ".weight"]

    def _linear(self, x, name):
        trits, weight_scale = self.tensors[name + ".weight"]
        scale = 127 / np.maximum(np.abs(x).max(-1, keepdims=True), x.dtype.type(1e-5))
        # float32 holds these integers exactly: |sum| <= 128 * in_features < 2^24.
        sums = np.clip(np.rint(x * scale), -128, 127) @ trits.T
        return sums * (weight_scale / scale)

    def _heads(self, x, count):
        """[position, count * head_dim] -> [count, position, head_dim]."""
        return x.reshape(len(x), count, self.head_dim).transpose(1, 0, 2)

    def _rotate(self, x):
        half, n = self.head_dim // 2, x.shape[1]
        a, b, cos, sin = x[..., :half], x[..., half:], self.cos[:n], self.sin[:n]
        return np.concatenate((a * cos - b * sin, b * cos + a * sin), axis=-1)

    def _attention(self, x, prefix):
        n = len(x)
        q = self._rotate(self._heads(self._linear(x, prefix + "attn_q"), self.heads))
        k = self._rotate(self._heads(self._linear(x, prefix + "attn_k"), self.kv_heads))
        v = self._heads(self._linear(x, prefix + "attn_v"), self.kv_heads)
        k, v = (np.repeat(t, self.heads // self.kv_heads, axis=0) for t in (k, v))
        scores = q @ k.transpose(0, 2, 1) / q.dtype.type(np.sqrt(self.head_dim))
        scores[:, np.triu_indices(n, 1)[0], np.triu_indices(n, 1)[1]] = -np.inf
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        out = weights / weights.sum(-1, keepdims=True) @ v
        return out.transpose(1, 0, 2).reshape(n, -1)

    def logits(self, ids):
        """[position, vocab] of at most `context` token ids."""
        embedding = self.tensors["token_embd.weight"]
        x = embedding[ids]
        for n in range(self.get("block_count")):
            p = f"blk.{n}."
            a = self._attention(self._norm(x, p + "attn_norm"), p)
            x = x + self._linear(self._norm(a, p + "attn_sub_norm"), p + "attn_output")
            h = self._norm(x, p + "ffn_norm")
            gate = np.maximum(self._linear(h, p + "ffn_gate"), 0)
            h = gate * gate * self._linear(h, p + "ffn_up")
            x = x + self._linear(self._norm(h, p + "ffn_sub_norm"), p + "ffn_down")
        return self._norm(x, "output_norm") @ embedding.T
