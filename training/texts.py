#!/usr/bin/env python3
"""Collects short English sentences to be spoken: WordNet's example sentences and fortunes.

Reads Debian's wordnet-base, fortunes and fortunes-min; writes {"train": [...], "eval": [...]}.
"""
import argparse
import json
import random
import re
from pathlib import Path

PLAIN_SENTENCE = re.compile(r"^[A-Za-z' ,\-]+[.?!]?$")
COMPLETE_SENTENCE = re.compile(r"^[A-Z][A-Za-z' ,\-]+[.?!]$")


def wordnet_examples(folder):
    """Quoted examples of the glosses, 3 to 16 words, letters and plain punctuation only."""
    found = set()
    for path in sorted(Path(folder).glob("data.*")):
        for line in path.read_text(encoding="latin1").splitlines():
            gloss = line.partition("|")[2]
            for quote in re.findall(r'"([^"]+)"', gloss):
                text = re.split(r"[;-]\s*$", quote)[0].strip(" .;")
                plain = PLAIN_SENTENCE.match(text) and "--" not in text and " -" not in text
                if plain and 3 <= len(text.split()) <= 16:
                    found.add(text)
    return found


def fortunes(folder):
    """Whole sentences of 4 to 16 words, without shouting."""
    found = set()
    for path in sorted(Path(folder).glob("*")):
        if path.suffix in (".dat", ".u8") or not path.is_file():
            continue
        for block in path.read_text(encoding="latin1").split("\n%\n"):
            for sentence in re.split(r"(?<=[.?!])\s+", re.sub(r"\s+", " ", block)):
                text = sentence.strip()
                complete = COMPLETE_SENTENCE.match(text) and "--" not in text
                if complete and not re.search(r"[A-Z]{2,}", text) and 4 <= len(text.split()) <= 16:
                    found.add(text)
    return found


def as_sentence(text):
    """Capital first, full stop last: what the recogniser shall write."""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".?!" else text + "."


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wordnet", default="/usr/share/wordnet", help="folder of data.noun, ...")
    parser.add_argument("--fortunes", default="/usr/share/games/fortunes", help="folder of fortunes")
    parser.add_argument("--held-out", type=int, default=1500, help="sentences kept for evaluation")
    parser.add_argument("--limit", type=int, help="take only so many sentences (for a trial)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", default="texts.json")
    options = parser.parse_args()
    examples = {as_sentence(text) for text in wordnet_examples(options.wordnet)}
    texts = sorted(examples | fortunes(options.fortunes))
    random.Random(options.seed).shuffle(texts)
    texts = texts[: options.limit]
    if len(texts) <= options.held_out:
        parser.error(f"{len(texts)} sentences were found, fewer than the {options.held_out} held out")
    split = {"train": texts[: -options.held_out], "eval": texts[-options.held_out :]}
    Path(options.out).write_text(json.dumps(split, indent=0))
    print(f"{len(split['train'])} sentences to train on, {len(split['eval'])} held out")


if __name__ == "__main__":
    main()
