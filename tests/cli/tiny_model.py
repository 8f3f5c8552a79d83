# SPDX-License-Identifier: Apache-2.0
"""A BitNet with random weights and a Llama 3 tokenizer in the small, as the bytes of a GGUF file."""
import json
import random
import struct

ALIGNMENT = 32
HIDDEN, FFN, LAYERS, HEADS, KV_HEADS, CONTEXT = 128, 256, 2, 4, 2, 256
U32, F32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5
TENSOR_F32, TENSOR_I2S = 0, 36


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def key(name, kind, value):
    packed = {U32: lambda: struct.pack("<I", value), F32: lambda: struct.pack("<f", value),
              BOOL: lambda: struct.pack("<?", value), STRING: lambda: text(value)}[kind]()
    return text(name) + struct.pack("<I", kind) + packed


def array(name, kind, values):
    items = b"".join(text(v) if kind == STRING else struct.pack("<i", v) for v in values)
    return text(name) + struct.pack("<IIQ", ARRAY, kind, len(values)) + items


def tokenizer_keys(folder, eos, end_of_turn, chat_template):
    source = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokens = sorted(source["model"]["vocab"], key=source["model"]["vocab"].get)
    types = [1] * len(tokens)
    for token in source["added_tokens"]:
        while len(tokens) < token["id"]:
            tokens.append(f"[unused{len(tokens)}]")
            types.append(5)
        tokens.append(token["content"])
        types.append(3 if token["special"] else 4)
    keys = [key("tokenizer.ggml.model", STRING, "gpt2"),
            key("tokenizer.ggml.pre", STRING, "llama-bpe"),
            array("tokenizer.ggml.tokens", STRING, tokens),
            array("tokenizer.ggml.token_type", INT32, types),
            array("tokenizer.ggml.merges", STRING,
                  [" ".join(merge) for merge in source["model"]["merges"]]),
            key("tokenizer.ggml.bos_token_id", U32, tokens.index("<|begin_of_text|>")),
            key("tokenizer.ggml.eos_token_id", U32,
                tokens.index("<|end_of_text|>") if eos is None else eos)]
    if end_of_turn is not None:
        keys.append(key("tokenizer.ggml.eot_token_id", U32, end_of_turn))
    if chat_template:
        keys.append(key("tokenizer.chat_template", STRING, chat_template))
    return keys, len(tokens)


def tensors(vocab, seed):
    """(name, dims with the fastest first, type, bytes)."""
    rng = random.Random(seed)
    head_dim = HIDDEN // HEADS

    def floats(name, *dims, value=None):
        count = dims[0] * (dims[1] if len(dims) > 1 else 1)
        # Small, so that a token's own row, which is also the head's, does not decide the next one.
        values = [value if value is not None else rng.gauss(0, 0.02) for _ in range(count)]
        return name, dims, TENSOR_F32, struct.pack(f"<{count}f", *values)

    def ternary(name, columns, rows):
        codes = bytes(sum(rng.randrange(3) << shift for shift in (0, 2, 4, 6))
                      for _ in range(columns * rows // 4))
        return name, (columns, rows), TENSOR_I2S, codes + struct.pack("<f", 0.1) + bytes(28)

    out = [floats("token_embd.weight", HIDDEN, vocab), floats("output_norm.weight", HIDDEN, value=1)]
    for n in range(LAYERS):
        for name, size in (("attn_norm", HIDDEN), ("attn_sub_norm", HIDDEN), ("ffn_norm", HIDDEN),
                           ("ffn_sub_norm", FFN)):
            out.append(floats(f"blk.{n}.{name}.weight", size, value=1))
        for name, columns, rows in (
                ("attn_q", HIDDEN, HIDDEN), ("attn_k", HIDDEN, KV_HEADS * head_dim),
                ("attn_v", HIDDEN, KV_HEADS * head_dim), ("attn_output", HIDDEN, HIDDEN),
                ("ffn_gate", HIDDEN, FFN), ("ffn_up", HIDDEN, FFN), ("ffn_down", FFN, HIDDEN)):
            out.append(ternary(f"blk.{n}.{name}.weight", columns, rows))
    return out


def make(folder, eos=None, end_of_turn=None, chat_template=None, context=CONTEXT, seed=1):
    """`folder` holds the tokenizer.json; `eos` and `end_of_turn` are ids that end a text."""
    arch = "bitnet-b1.58"
    token_keys, vocab = tokenizer_keys(folder, eos, end_of_turn, chat_template)
    keys = [key("general.architecture", STRING, arch), key("general.name", STRING, "tiny"),
            key(f"{arch}.block_count", U32, LAYERS), key(f"{arch}.context_length", U32, context),
            key(f"{arch}.embedding_length", U32, HIDDEN),
            key(f"{arch}.feed_forward_length", U32, FFN),
            key(f"{arch}.attention.head_count", U32, HEADS),
            key(f"{arch}.attention.head_count_kv", U32, KV_HEADS),
            key(f"{arch}.attention.layer_norm_rms_epsilon", F32, 1e-5),
            key(f"{arch}.rope.dimension_count", U32, HIDDEN // HEADS),
            key(f"{arch}.rope.freq_base", F32, 10000.0), key(f"{arch}.vocab_size", U32, vocab),
            *token_keys]
    infos, data = b"", b""
    all_tensors = tensors(vocab, seed)
    for name, dims, kind, content in all_tensors:
        infos += text(name) + struct.pack("<I", len(dims))
        infos += struct.pack(f"<{len(dims)}Q", *dims) + struct.pack("<IQ", kind, len(data))
        data += content + bytes(-len(content) % ALIGNMENT)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(all_tensors), len(keys)) + b"".join(keys) + infos
    return head + bytes(-len(head) % ALIGNMENT) + data
