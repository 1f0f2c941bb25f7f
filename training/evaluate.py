#!/usr/bin/env python3
"""Word error rate of a trained network on held-out sentences, decoded greedily without timestamps.

With --hypotheses it scores what an engine wrote instead: lines of REFERENCE<tab>HYPOTHESIS.
"""
import argparse
import random
import re
from pathlib import Path

import numpy as np
import torch

import model as network
from dataset import Shards
from features import log_mel
from tokenizer import Tokenizer

BATCH = 12


def words(text):
    """Lower case, letters and apostrophes only."""
    return re.sub(r"[^a-z' ]", " ", text.lower()).split()


def edits(reference, hypothesis):
    """Least number of words to insert, delete or replace (Levenshtein)."""
    distances = list(range(len(hypothesis) + 1))
    for i, wanted in enumerate(reference):
        diagonal, distances[0] = distances[0], i + 1
        for j, given in enumerate(hypothesis):
            replaced = diagonal + (wanted != given)
            diagonal = distances[j + 1]
            distances[j + 1] = min(distances[j + 1] + 1, distances[j] + 1, replaced)
    return distances[-1]


def rate(pairs):
    """Edits per word of the references."""
    wrong = sum(edits(words(reference), words(hypothesis)) for reference, hypothesis in pairs)
    return wrong / max(1, sum(len(words(reference)) for reference, _ in pairs))


@torch.no_grad()
def word_error_rate(model, tokenizer, shards, seconds, windows, seed=5):
    """(rate, [(reference, hypothesis), ...]) on random windows, the same for a seed."""
    was_training = model.training
    model.eval()
    rnd = random.Random(seed)
    pairs = []
    while len(pairs) < windows:
        count = min(BATCH, windows - len(pairs))
        chosen = [
            shards.window(rnd, seconds, single=seconds > 12 and rnd.random() < 0.5) for _ in range(count)
        ]
        mel = log_mel(torch.tensor(np.stack([samples for samples, _ in chosen])))
        prompt = (tokenizer.start, tokenizer.no_timestamps)
        for tokens, (_, spans) in zip(model.greedy(mel, prompt, tokenizer.end_of_text), chosen):
            pairs.append((" ".join(span.text for span in spans), tokenizer.decode(tokens.tolist())))
    model.train(was_training)
    return rate(pairs), pairs


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="written by train.py")
    parser.add_argument("--tokenizer", default="tokenizer/tokenizer.json")
    parser.add_argument("--data", help="shard of held-out sentences")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--windows", type=int, default=96)
    parser.add_argument("--examples", type=int, default=3, help="how many to print")
    parser.add_argument("--hypotheses", help="file of REFERENCE<tab>HYPOTHESIS lines to score instead")
    options = parser.parse_args()
    if options.hypotheses:
        lines = Path(options.hypotheses).read_text().splitlines()
        pairs = [tuple(line.split("\t", 1)) for line in lines if "\t" in line]
        result = rate(pairs)
    elif options.model and options.data:
        result, pairs = word_error_rate(
            network.load(options.model),
            Tokenizer(options.tokenizer),
            Shards([options.data]),
            options.seconds,
            options.windows,
        )
    else:
        parser.error("give --model and --data, or --hypotheses")
    for reference, hypothesis in pairs[: options.examples]:
        print(f"  said  {reference}\n  heard {hypothesis}")
    print(f"word error rate {result:.3f} of {len(pairs)} windows")


if __name__ == "__main__":
    main()
