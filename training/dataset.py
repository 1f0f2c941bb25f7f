"""Training windows: utterances of the shards laid out in time, distorted, with their tokens."""
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from features import SAMPLE_RATE

IGNORED = -100  # label that the loss skips
CTC_IDS = {character: i + 1 for i, character in enumerate(" abcdefghijklmnopqrstuvwxyz'")}


@dataclass(frozen=True)
class Span:
    """An utterance in a window: samples from the window's start; end and text None where it is cut."""

    start: int
    end: int | None
    text: str | None


@dataclass(frozen=True)
class Batch:
    samples: torch.Tensor  # [batch, samples]
    inputs: torch.Tensor  # [batch, tokens]
    labels: torch.Tensor  # [batch, tokens], the token that follows, or IGNORED
    letters: list  # CTC ids of each item, empty where none apply
    ends: list  # last sample of speech of each item, None where it goes on


class Shards:
    """Utterances of one or more shards of synthesize.py, read from disk as needed."""

    def __init__(self, names, augmentation=1.0):
        self.augmentation = augmentation
        self.samples = [np.memmap(f"{name}.pcm", dtype=np.int16, mode="r") for name in names]
        self.utterances = [
            (text, shard, start, length)
            for shard, name in enumerate(names)
            for text, _, start, length in json.loads(Path(f"{name}.json").read_text())
        ]

    def _read(self, shard, start, length):
        return self.samples[shard][start : start + length].astype(np.float32) / 32768

    def window(self, rnd, seconds, single=False, cut=False):
        """(samples, spans) of a random window; `cut` may end it within an utterance."""
        total = int(seconds * SAMPLE_RATE)
        samples = np.zeros(total, np.float32)
        short_lead = rnd.random() < 0.8 or seconds < 6
        at = int(rnd.uniform(0, min(0.6, seconds / 12) if short_lead else min(3, seconds / 4)) * SAMPLE_RATE)
        most = 1 if single or rnd.random() < 0.25 else 99
        spans = []
        while len(spans) < most:
            fitting = self._fitting(rnd, total - at, 1 if spans else 12)
            if fitting is None:
                break
            text, shard, start, length = fitting
            samples[at : at + length] += self._read(shard, start, length) * rnd.uniform(0.5, 1.0)
            spans.append(Span(at, at + length, text))
            pause = rnd.uniform(0.1, 0.8) if rnd.random() < 0.9 else rnd.uniform(1, 3)
            at += length + int(pause * SAMPLE_RATE)
        if cut and most > 1 and at < total - SAMPLE_RATE // 2:
            self._cut_utterance(rnd, samples, at, spans)
        return self._distort(rnd, samples), spans

    def _fitting(self, rnd, room, tries):
        """A random utterance with 50 ms to spare, or None."""
        for _ in range(tries):
            chosen = rnd.choice(self.utterances)
            if chosen[3] + 800 <= room:
                return chosen
        return None

    def _cut_utterance(self, rnd, samples, at, spans):
        """Begins an utterance that the window's end cuts: only its start time is to be learnt."""
        total = len(samples)
        for _ in range(20):
            _, shard, start, length = rnd.choice(self.utterances)
            if at + length > total + SAMPLE_RATE // 2:
                samples[at:] += self._read(shard, start, total - at) * rnd.uniform(0.5, 1.0)
                spans.append(Span(at, None, None))
                return

    def _distort(self, rnd, samples):
        """Another level, and at times noise, a tilted spectrum or an echo."""
        samples = samples * 10 ** rnd.uniform(-1.2, 0.0)
        if rnd.random() < self.augmentation * 0.8:
            noise = np.random.RandomState(rnd.randrange(1 << 31)).randn(len(samples))
            if rnd.random() < 0.5:
                noise = np.convolve(noise, np.ones(rnd.randint(2, 8)) / 3, "same")
            samples = samples + noise * 10 ** rnd.uniform(-4, -1.9)
        if rnd.random() < self.augmentation * 0.3:
            tilt = rnd.uniform(-0.5, 0.6)
            samples = np.concatenate([samples[:1], samples[1:] - tilt * samples[:-1]])
        if rnd.random() < self.augmentation * 0.2:
            delay = rnd.randint(400, 2400)
            echo = np.zeros_like(samples)
            echo[delay:] = samples[:-delay]
            samples = samples + rnd.uniform(0.1, 0.35) * echo
        return np.clip(samples, -1, 1).astype(np.float32)


def no_speech_window(rnd, seconds):
    """Silence or noise."""
    total = int(seconds * SAMPLE_RATE)
    if rnd.random() >= 0.8:
        return np.zeros(total, np.float32)
    noise = np.random.RandomState(rnd.randrange(1 << 31)).randn(total)
    return (noise * 10 ** rnd.uniform(-5, -1.5)).astype(np.float32)


class Labels:
    """Makes the decoder's inputs and labels, in every form that the engine will ask for."""

    def __init__(self, tokenizer, texts, prompt_share=0.4):
        self.tokenizer = tokenizer
        self.texts = texts
        self.prompt_share = prompt_share

    def sequence(self, rnd, spans, timestamps):
        """(inputs, labels) of a window."""
        t = self.tokenizer
        unlabelled = 0
        if not spans:
            # Whatever is forced after the start, nothing follows; only <|nospeech|> is predicted.
            second = rnd.choice([t.no_speech, t.no_timestamps, t.first_timestamp])
            tokens = [t.start, second, t.end_of_text]
            unlabelled = 0 if second == t.no_speech else 1
        elif timestamps:
            tokens = [t.start]
            for span in spans:
                tokens.append(t.timestamp(span.start / SAMPLE_RATE))
                if span.text is not None:
                    tokens += t.encode(" " + span.text) + [t.timestamp(span.end / SAMPLE_RATE)]
            tokens.append(t.end_of_text)
        else:
            text = [token for span in spans for token in t.encode(" " + span.text)]
            tokens = [t.start, t.no_timestamps] + text + [t.end_of_text]
        prompt = self._prompt(rnd) if rnd.random() < self.prompt_share else []
        labels = [IGNORED] * (len(prompt) + unlabelled) + tokens[1 + unlabelled :]
        return (prompt + tokens)[:-1], labels

    def _prompt(self, rnd):
        """What was said before, as an engine feeds it: the last tokens, with or without times."""
        t = self.tokenizer
        length = rnd.randint(1, 223) if rnd.random() < 0.7 else 223
        with_times = rnd.random() < 0.6
        tokens, time = [], rnd.randrange(100)
        while len(tokens) < length:
            text = t.encode(" " + rnd.choice(self.texts))
            end = min(1500, time + rnd.randint(40, 300))
            if with_times:
                text = [t.first_timestamp + min(1500, time)] + text + [t.first_timestamp + end]
            tokens += text
            time = 0 if end > 1300 else end + rnd.randint(0, 40)
        return [t.start_of_previous] + tokens[-length:]


def make_batch(shards, labels, rnd, size, seconds):
    tokenizer = labels.tokenizer
    samples, inputs, targets, letters, ends = [], [], [], [], []
    for _ in range(size):
        timestamps = rnd.random() >= 0.5
        if rnd.random() < 0.06:
            window, spans = no_speech_window(rnd, seconds), []
        else:
            window, spans = shards.window(rnd, seconds, cut=timestamps and rnd.random() < 0.5)
        cut = bool(spans) and spans[-1].end is None
        tokens, following = labels.sequence(rnd, spans, timestamps)
        samples.append(window)
        inputs.append(tokens)
        targets.append(following)
        text = "" if cut else " ".join(span.text for span in spans)
        letters.append([CTC_IDS[c] for c in text.lower() if c in CTC_IDS])
        ends.append(spans[-1].end if spans else int(rnd.uniform(0.3, seconds) * SAMPLE_RATE))
    # Lengths in steps of 16: oneDNN compiles a kernel for every new shape.
    length = -(-max(map(len, inputs)) // 16) * 16
    padded = torch.full((size, length), tokenizer.end_of_text)
    wanted = torch.full((size, length), IGNORED)
    for row, (tokens, following) in enumerate(zip(inputs, targets)):
        padded[row, : len(tokens)] = torch.tensor(tokens)
        wanted[row, : len(following)] = torch.tensor(following)
    return Batch(torch.tensor(np.stack(samples)), padded, wanted, letters, ends)
