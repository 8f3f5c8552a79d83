# SPDX-License-Identifier: Apache-2.0
"""Byte-level BPE in the manner of GPT-2: learn, encode, decode.

Vocabulary order: ids 0..255 are the bytes 0..255, then one id per merge in the order
learnt (so a merge's rank is its id - 256), then the single control token END_OF_TEXT.
Needs only the standard library.
"""
import collections
import json
import re

END_OF_TEXT = "<|endoftext|>"

# GPT-2's pre-tokenizer for ASCII text (\p{L} = letters, \p{N} = digits). Bytes above 127 only
# occur in text the tokenizer was not learnt from; they count as letters here.
_PIECE = re.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z\x80-\xff]+| ?[0-9]+| ?[^\sA-Za-z0-9\x80-\xff]+"
    r"|\s+(?!\S)|\s+", re.ASCII)


def byte_to_unicode():
    """GPT-2's printable stand-in for each byte (space -> U+0120, newline -> U+010A)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + len(table) - len(printable))
    return table


def pieces(data):
    """Splits bytes into pre-tokenizer pieces (bytes); merges never cross a piece's border."""
    return [m.group().encode("latin-1") for m in _PIECE.finditer(data.decode("latin-1"))]


def _merge(ids, pair, new_id):
    out, i = [], 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            out.append(new_id)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out


def learn(data, vocab_size):
    """Returns the list of merges (id, id) of a tokenizer of `vocab_size` entries."""
    counts = collections.Counter(pieces(data))
    words = [list(word) for word in counts]
    freqs = list(counts.values())
    pair_count = collections.Counter()
    pair_words = collections.defaultdict(set)
    for w, ids in enumerate(words):
        for pair in zip(ids, ids[1:]):
            pair_count[pair] += freqs[w]
            pair_words[pair].add(w)
    merges = []
    while len(merges) < vocab_size - 256 - 1:
        # The most frequent pair; ties go to the smallest ids, so a rerun gives the same list.
        pair = min(pair_count, key=lambda p: (-pair_count[p], p))
        new_id = 256 + len(merges)
        merges.append(pair)
        for w in sorted(pair_words.pop(pair)):
            before, after = words[w], _merge(words[w], pair, new_id)
            for old in zip(before, before[1:]):
                pair_count[old] -= freqs[w]
            for new in zip(after, after[1:]):
                pair_count[new] += freqs[w]
                pair_words[new].add(w)
            words[w] = after
        del pair_count[pair]
    return merges


class Tokenizer:
    """Encodes bytes to ids and back; built from the merges of learn()."""

    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.token_bytes = [bytes([b]) for b in range(256)]
        for a, b in self.merges:
            self.token_bytes.append(self.token_bytes[a] + self.token_bytes[b])
        self.end_of_text = len(self.token_bytes)
        self.vocab_size = self.end_of_text + 1
        self._cache = {}

    def _encode_piece(self, piece):
        ids = list(piece)
        while len(ids) > 1:
            rank = min(self.ranks.get(pair, len(self.ranks)) for pair in zip(ids, ids[1:]))
            if rank == len(self.ranks):
                break
            ids = _merge(ids, self.merges[rank], 256 + rank)
        return ids

    def encode(self, data):
        out = []
        for piece in pieces(data):
            if piece not in self._cache:
                self._cache[piece] = self._encode_piece(piece)
            out.extend(self._cache[piece])
        return out

    def decode(self, ids):
        return b"".join(self.token_bytes[i] for i in ids if i != self.end_of_text)

    def token_lengths(self):
        """Bytes of text per token id (0 for the control token)."""
        return [len(b) for b in self.token_bytes] + [0]

    def gguf_tokens(self):
        """The tokens in GPT-2's printable spelling, in id order."""
        table = byte_to_unicode()
        return ["".join(table[b] for b in token) for token in self.token_bytes] + [END_OF_TEXT]

    def gguf_merges(self):
        """The merges as "left right" in GPT-2's printable spelling, in rank order."""
        tokens = self.gguf_tokens()
        return [f"{tokens[a]} {tokens[b]}" for a, b in self.merges]

    def save(self, path):
        with open(path, "w", encoding="ascii") as f:
            json.dump({"merges": self.merges}, f)

    @classmethod
    def load(cls, path):
        with open(path, encoding="ascii") as f:
            return cls(json.load(f)["merges"])
