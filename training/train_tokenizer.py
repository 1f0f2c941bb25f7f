#!/usr/bin/env python3
"""Learns a byte-level BPE and writes tokenizer.json and vocabulary.json in Whisper's .en layout.

The ids are: text tokens, <|endoftext|>, <|startoftranscript|>, 99 languages, the tasks and the
other special tokens, then 1501 timestamps in steps of 0.02 s.
"""
import argparse
import collections
import json
from pathlib import Path

from tokenizer import BYTE_TO_CHARACTER, SPECIALS, TIMESTAMPS, pieces

# Words of the commands that synthesize.py makes up, so that they get tokens too.
COMMANDS = [
    "Turn on the lights in the kitchen.",
    "Set a timer for ten minutes.",
    "The number is zero one two three four five six seven eight nine.",
    "Hello world!",
    "What is the weather like in London today?",
] * 300

# Every letter needs a token with its space: the decoders suppress the bare space token at the
# start. These letters are too rare to earn one.
RARE_LETTERS = "iqxQXZ"


def merged(symbols, first, second):
    result, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] == first and symbols[i + 1] == second:
            result.append(first + second)
            i += 2
        else:
            result.append(symbols[i])
            i += 1
    return tuple(result)


def learn(texts, size):
    """Text tokens and merges: again and again the most frequent pair becomes a token."""
    counts = collections.Counter(piece for text in texts for piece in pieces(" " + text))
    words = {piece: tuple(piece) for piece in counts}
    vocabulary = sorted(BYTE_TO_CHARACTER.values(), key=ord)
    merges = []
    while len(vocabulary) < size:
        pairs = collections.Counter()
        for word, symbols in words.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += counts[word]
        if not pairs:
            raise SystemExit(f"The texts give only {len(vocabulary)} tokens, not {size}")
        (first, second), _ = pairs.most_common(1)[0]
        merges.append((first, second))
        vocabulary.append(first + second)
        for word, symbols in words.items():
            if first in symbols:
                words[word] = merged(symbols, first, second)
    space = BYTE_TO_CHARACTER[ord(" ")]
    absent = [letter for letter in RARE_LETTERS if space + letter not in vocabulary]
    if absent:
        # In place of the last merges; nothing was built upon those.
        vocabulary[-len(absent) :] = [space + letter for letter in absent]
        merges[-len(absent) :] = [(space, letter) for letter in absent]
    return vocabulary, merges


def tokenizer_json(vocabulary, merges):
    added = [
        {
            "id": len(vocabulary) + i,
            "content": content,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": i < len(SPECIALS),
        }
        for i, content in enumerate(SPECIALS + TIMESTAMPS)
    ]
    byte_level = {"type": "ByteLevel", "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {**byte_level, "add_prefix_space": False},
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {token: i for i, token in enumerate(vocabulary)},
            "merges": [f"{first} {second}" for first, second in merges],
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", default="texts.json")
    parser.add_argument("--size", type=int, default=1500, help="text tokens, at least 262")
    parser.add_argument("--out", default="tokenizer", help="folder to write to")
    options = parser.parse_args()
    if options.size < 256 + len(RARE_LETTERS):
        parser.error("--size must leave room for the 256 bytes and the rare letters")
    texts = json.loads(Path(options.texts).read_text())["train"]
    vocabulary, merges = learn(texts + COMMANDS, options.size)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    content = json.dumps(tokenizer_json(vocabulary, merges), ensure_ascii=False)
    (out / "tokenizer.json").write_text(content)
    every = vocabulary + SPECIALS + TIMESTAMPS
    (out / "vocabulary.json").write_text(json.dumps(every, ensure_ascii=False, indent=0))
    print(f"{len(every)} tokens, {len(vocabulary)} of them text")


if __name__ == "__main__":
    main()
