# SPDX-License-Identifier: Apache-2.0
"""Makes the small tokenizers of this folder and what they must do. usage: make_tokenizers.py

Byte-level BPE is learnt by models/train/bpe.py; expectations come from an implementation of its own
below: splitting by Python's `re` with the character classes spelled out, then the plain algorithm
that joins the best pair again and again. SentencePiece models are trained by spm_train and their
expectations are those of spm_encode (Debian package sentencepiece).
"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "models" / "train"))
import bpe  # noqa: E402

CORPUS = """
The miller's daughter counted 12 sacks of flour, 345 loaves and 6789 crumbs; it wasn't enough.
"We'll bake again," she said, "and they're going to like it -- I'M SURE they'll!"
Der Müller hörte zu, öffnete die Tür und rief: »Schön, daß ihr übermorgen kommt!«
Le garçon a goûté la crème brûlée; l'été était fini à Noël.
Река текла медленно, и мельница молчала. Мельник спал, а мука сыпалась.
风车在山上转动，面粉像雪一样落下。磨坊主笑了。
    indented lines	with tabs
and    many   spaces, 3.14159, 100%, a+b=c, x_y, e-mail@mill.example
The river turned the mill, the mill turned the stone, the stone turned the wheat into flour.
Flour became bread, bread became crumbs, crumbs fed the sparrows; the sparrows told the river.
"""

WHITE_SPACE = ("\\t\\n\\x0b\\x0c\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f"
               "\\u3000")

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
          r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
PUNCTUATION = r"[\p{P}!-/:-@\[-`{-~]+"
DIGITS = r"\p{N}+"
THREE_DIGITS = "[0-9][0-9][0-9]"


def ranges(letter):
    """The characters of a general category's first letter, as the inside of a class."""
    out, start = "", None
    for code in range(0x110001):
        inside = code < 0x110000 and unicodedata.category(chr(code))[0] == letter
        if inside and start is None:
            start = code
        if not inside and start is not None:
            out += f"\\U{start:08x}-\\U{code - 1:08x}"
            start = None
    return out


CLASSES = {letter: ranges(letter) for letter in "LNP"}


def compile_pattern(pattern):
    """Python's `re` knows no \\p{..}: inside and outside of brackets they become ranges."""
    out, inside, i = "", False, 0
    while i < len(pattern):
        if pattern.startswith("\\p{", i):
            body, i = CLASSES[pattern[i + 3]], i + 5
            out += body if inside else f"[{body}]"
        elif pattern.startswith("\\s", i):
            out, i = out + (WHITE_SPACE if inside else f"[{WHITE_SPACE}]"), i + 2
        elif pattern.startswith("\\S", i):
            out, i = out + f"[^{WHITE_SPACE}]", i + 2
        elif pattern[i] == "\\":
            out, i = out + pattern[i:i + 2], i + 2
        else:
            inside = pattern[i] == "[" or (inside and pattern[i] != "]")
            out, i = out + pattern[i], i + 1
    return re.compile(out)


def cut(pattern, text):
    """Matches and what lies between them."""
    out, done = [], 0
    for match in pattern.finditer(text):
        if match.end() > match.start():
            out += [text[done:match.start()], match.group()]
            done = match.end()
    return [piece for piece in [*out, text[done:]] if piece]


TO_CHARACTER = bpe.byte_to_unicode()


def byte_level(text):
    return "".join(TO_CHARACTER[b] for b in text.encode())


def split(steps, text):
    """Pieces in byte-level characters; steps behind None see these characters."""
    pieces, mapped = [text], False
    for step in steps:
        if step is None:
            pieces, mapped = [byte_level(p) for p in pieces], True
        else:
            pieces = [part for piece in pieces for part in cut(step, piece)]
    return pieces if mapped else [byte_level(p) for p in pieces]


def encode(tokenizer, steps, text):
    model = tokenizer["model"]
    ranks = {tuple(m.split(" ") if isinstance(m, str) else m): i
             for i, m in enumerate(model["merges"])}
    ids = []
    for piece in split(steps, text):
        if model["ignore_merges"] and piece in model["vocab"]:
            ids.append(model["vocab"][piece])
            continue
        parts = list(piece)
        while len(parts) > 1:
            pairs = [ranks.get(pair, len(ranks)) for pair in zip(parts, parts[1:])]
            best = min(pairs)
            if best == len(ranks):
                break
            at = pairs.index(best)
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        ids += [model["vocab"][part] for part in parts]
    return ids


def added(number, content, special):
    return {"id": number, "content": content, "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False, "special": special}


def byte_level_json(vocab_size, pre_tokenizer, pairs, ignore_merges):
    learnt = bpe.Tokenizer(bpe.learn(CORPUS.encode(), vocab_size))
    tokens = learnt.gguf_tokens()[:-1]
    merges = learnt.gguf_merges()
    if ignore_merges:
        tokens.append("Ġmillstone")  # no merges lead to it
    first = len(tokens)
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [added(first, "<|begin_of_text|>", True),
                         added(first + 1, "<|end_of_text|>", True),
                         added(first + 2, "<|start_header_id|>", True),
                         added(first + 3, "<|end_header_id|>", True),
                         added(first + 4, "<|eot_id|>", True),
                         added(first + 6, "<tool>", False)],
        "normalizer": None, "pre_tokenizer": pre_tokenizer,
        "post_processor": {"type": "Sequence", "processors": [
            {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False,
             "use_regex": True},
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<|begin_of_text|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [],
             "special_tokens": {"<|begin_of_text|>": {
                 "id": "<|begin_of_text|>", "ids": [first], "tokens": ["<|begin_of_text|>"]}}}]},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True,
                    "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None,
                  "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": False, "ignore_merges": ignore_merges,
                  "vocab": {token: i for i, token in enumerate(tokens)},
                  "merges": [m.split(" ") for m in merges] if pairs else merges}}


def byte_level_step(use_regex):
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
            "use_regex": use_regex}


def regex_step(pattern):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated",
            "invert": False}


def texts():
    """Sentences, edges and random UTF-8, the same each time."""
    rng = random.Random(11)
    out = [line for line in CORPUS.split("\n") if line]
    out += ["", " ", "  \n\n  x", "I'LL they'Ve 'ſ", "millstone the millstone", "12345 ١٢٣٤ ²³¼",
            "a\r\nb\n\n\n c", "\t\tif (x) {\n  y();\n}", "…—“quoted”", "é e\u0301 漢字 😀👩‍👩‍👧",
            "\u00a0\u3000x\u2003", "<|eot_id|> as text", "3.14159,2,71828"]
    parts = ["a", "Z", "the", "mill", "'s", "'LL", " ", "  ", "\n", "\r\n", "\t", "7", "42", "é",
             "漢", "😀", "!", "...", "\u00a0", "\u0301", "²", "½", "ب", "\u200d", "_", "-"]
    for _ in range(120):
        out.append("".join(rng.choice(parts) for _ in range(rng.randint(1, 24))))
    for _ in range(60):
        codes = (rng.choice([rng.randint(1, 0x7f), rng.randint(0x80, 0x7ff),
                             rng.randint(0x800, 0xd7ff), rng.randint(0x10000, 0x10ffff)])
                 for _ in range(rng.randint(1, 10)))
        out.append("".join(map(chr, codes)))
    return out


def write(path, value):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=None, separators=(",", ":"))
                    + "\n", encoding="utf-8")


def make_byte_level():
    llama3, gpt2 = compile_pattern(LLAMA3), compile_pattern(GPT2)
    falcon = [compile_pattern(PUNCTUATION), gpt2, None, compile_pattern(DIGITS),
              compile_pattern(THREE_DIGITS)]
    kinds = {
        "llama3": (500, {"type": "Sequence", "pretokenizers": [regex_step(LLAMA3),
                                                               byte_level_step(False)]},
                   True, True, [llama3]),
        "gpt2": (450, byte_level_step(True), False, False, [gpt2]),
        "falcon": (420, {"type": "Sequence", "pretokenizers": [
            {"type": "Punctuation", "behavior": "Contiguous"}, byte_level_step(True),
            {"type": "Digits", "individual_digits": False}, regex_step(THREE_DIGITS)]},
                   True, False, falcon)}
    for name, (size, pre_tokenizer, pairs, ignore_merges, steps) in kinds.items():
        tokenizer = byte_level_json(size, pre_tokenizer, pairs, ignore_merges)
        write(HERE / name / "tokenizer.json", tokenizer)
        write(HERE / name / "expected.json",
              [{"text": text, "ids": encode(tokenizer, steps, text)} for text in texts()])
    write(HERE / "llama3" / "tokenizer_config.json",
          {"bos_token": "<|begin_of_text|>", "eos_token": {"content": "<|end_of_text|>"},
           "chat_template": "{{ '<|start_header_id|>' + message['role'] }}"})
    first = len(json.loads((HERE / "llama3" / "tokenizer.json").read_text())["model"]["vocab"])
    write(HERE / "llama3" / "generation_config.json",
          {"bos_token_id": first, "eos_token_id": [first + 1, first + 4]})


def make_sentencepiece():
    lines = [text for text in texts() if "\n" not in text and "\r" not in text and text]
    for name, size in {"bpe": 480, "unigram": 420}.items():
        folder = HERE / f"sentencepiece-{name}"
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            corpus = pathlib.Path(temporary) / "corpus.txt"
            corpus.write_text(CORPUS, encoding="utf-8")
            prefix = pathlib.Path(temporary) / "tokenizer"
            subprocess.run(
                ["spm_train", f"--input={corpus}", f"--model_prefix={prefix}",
                 f"--model_type={name}", f"--vocab_size={size}", "--byte_fallback=true",
                 "--normalization_rule_name=identity", "--remove_extra_whitespaces=false",
                 "--split_digits=true", "--character_coverage=0.98", "--num_threads=1",
                 "--user_defined_symbols=<tool>", "--minloglevel=2"], check=True)
            (folder / "tokenizer.model").write_bytes(prefix.with_suffix(".model").read_bytes())
        encoded = subprocess.run(
            ["spm_encode", f"--model={folder / 'tokenizer.model'}", "--output_format=id"],
            input="\n".join(lines) + "\n", capture_output=True, check=True, encoding="utf-8")
        ids = [[int(i) for i in line.split()] for line in encoded.stdout.split("\n")[:-1]]
        assert len(ids) == len(lines), (len(ids), len(lines))
        write(folder / "expected.json",
              [{"text": text, "ids": row} for text, row in zip(lines, ids)])


if __name__ == "__main__":
    make_byte_level()
    make_sentencepiece()
