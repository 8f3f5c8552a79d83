# SPDX-License-Identifier: Apache-2.0
"""Self-test of the tokenizer; needs only the standard library and runs in about a second."""
import random

import bpe

TEXT = b"""The king's daughter said, "I'll go, you'll see: we've 12 geese."
And the king  said:   'No, don't!' A goose is a goose, and the king was the king.
""" * 3


def expect(actual, wanted):
    if actual != wanted:
        raise SystemExit(f"got {actual!r}, wanted {wanted!r}")


def main():
    table = bpe.byte_to_unicode()
    expect(len(set(table.values())), 256)
    expect((table[ord(" ")], table[ord("\n")], table[ord("A")]), ("\u0120", "\u010a", "A"))
    expect(bpe.pieces(b"I'll go  to 12 inns!\n\nYes"),
           [b"I", b"'ll", b" go", b" ", b" to", b" 12", b" inns", b"!", b"\n", b"\n", b"Yes"])
    tokenizer = bpe.Tokenizer(bpe.learn(TEXT, 300))
    expect(tokenizer.vocab_size, 300)
    expect(len(set(tokenizer.gguf_tokens())), 300)
    expect(tokenizer.gguf_tokens()[-1], bpe.END_OF_TEXT)
    expect(bpe.learn(TEXT, 300), tokenizer.merges)
    for pair, token in zip(tokenizer.merges, tokenizer.gguf_tokens()[256:-1]):
        tokens = tokenizer.gguf_tokens()
        expect(tokens[pair[0]] + tokens[pair[1]], token)
    rng = random.Random(1)
    texts = [TEXT, b"", b" ", b"\n\n ", bytes(range(256))]
    texts += [bytes(rng.choices(TEXT, k=rng.randrange(60))) for _ in range(200)]
    texts += [rng.randbytes(40) for _ in range(50)]
    for text in texts:
        ids = tokenizer.encode(text)
        expect(tokenizer.decode(ids), text)
        expect(sum(tokenizer.token_lengths()[i] for i in ids), len(text))
    print("test_bpe: ok")


if __name__ == "__main__":
    main()
