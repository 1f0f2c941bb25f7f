#!/usr/bin/env python3
"""Speaks sentences with espeak-ng, flite and festival; writes a shard of 16-kHz speech.

A shard is NAME.pcm (int16 samples of all utterances) and NAME.json, a list of
[text, voice, first sample, samples].
"""
import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

SAMPLE_RATE = 16000
LONGEST_SECONDS = 9
SHORTEST_SECONDS = 0.4

ESPEAK_ACCENTS = ["en-us", "en-us", "en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp"]
ESPEAK_VARIANTS = [
    "", "+m1", "+m2", "+m3", "+m4", "+m6", "+m7", "+f1", "+f2", "+f3", "+f4", "+klatt", "+klatt2",
]
FLITE_VOICES = {"slt": 4, "rms": 3, "awb": 2.5, "kal16": 2.5}
FESTIVAL_VOICES = ["voice_kal_diphone", "voice_ked_diphone"]

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "twenty thirty forty fifty sixty ninety"
).split() + ["a hundred", "a thousand"]
ROOMS = ["kitchen", "living room", "bedroom", "garage", "office", "garden"]
THINGS = ["lights", "heating", "radio", "fan", "television", "coffee machine"]
NAMES = "Anna John Mary Peter Sarah David Emma Michael Linda Thomas".split()
CITIES = "London Paris Berlin Boston Chicago Sydney".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
PHRASES = [
    "Hello, world!",
    "Hello from the speech server.",
    "This is a test.",
    "Thank you very much.",
    "Good morning, everyone.",
    "Speech to text is working.",
    "The quick brown fox jumps over the lazy dog.",
    "Today is a wonderful day to build something people love.",
]


def command(rnd):
    """A sentence as people say it to a machine; the collected texts hold few of them."""
    pick = rnd.choice
    makers = [
        lambda: f"Turn {pick(['on', 'off'])} the {pick(THINGS)} in the {pick(ROOMS)}.",
        lambda: f"Set a timer for {pick(NUMBERS[1:])} {pick(['minutes', 'seconds', 'hours'])}.",
        lambda: f"The number is {' '.join(pick(NUMBERS[:10]) for _ in range(rnd.randint(3, 7)))}.",
        lambda: f"Call {pick(NAMES)} at {pick(NUMBERS[1:13])} thirty.",
        lambda: f"What is the weather like in {pick(CITIES)} today?",
        lambda: f"Hello {pick(NAMES)}, how are you today?",
        lambda: f"Please send the message to {pick(NAMES)} and {pick(NAMES)}.",
        lambda: f"I would like {pick(NUMBERS[2:10])} tickets for {pick(DAYS)}.",
        lambda: f"Open the {pick(['door', 'window', 'file', 'book'])} and read page {pick(NUMBERS[1:])}.",
        lambda: f"It is {pick(NUMBERS[1:13])} o'clock in the {pick(['morning', 'evening', 'afternoon'])}.",
        lambda: f"Play some {pick(['music', 'jazz', 'classical music', 'rock'])} in the {pick(ROOMS)}.",
        lambda: pick(PHRASES),
    ]
    return pick(makers)()


def speak(text, rnd, wav):
    """Speaks a text with a random voice into a file and names the voice."""
    share = rnd.random()
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30, check=True)
    if share < 0.45:
        voice = rnd.choice(ESPEAK_ACCENTS) + rnd.choice(ESPEAK_VARIANTS)
        speed, pitch = str(rnd.randint(130, 190)), str(rnd.randint(30, 70))
        subprocess.run(["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "-w", wav, text], **quiet)
    elif share < 0.93:
        voice = rnd.choices(list(FLITE_VOICES), list(FLITE_VOICES.values()))[0]
        stretch = f"duration_stretch={rnd.uniform(0.85, 1.2):.2f}"
        subprocess.run(["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", wav], **quiet)
    else:
        voice = rnd.choice(FESTIVAL_VOICES)
        subprocess.run(["text2wave", "-eval", f"({voice})", "-o", wav], input=text.encode(), **quiet)
    return voice


def clean(samples, rate):
    """Mono, 16 kHz, silence trimmed to 50 ms before and 100 ms after, peak at 0.9; None if too short."""
    if samples.ndim > 1:
        samples = samples[:, 0]
    if len(samples) < rate * SHORTEST_SECONDS or not samples.any():
        return None
    if rate != SAMPLE_RATE:
        divisor = np.gcd(rate, SAMPLE_RATE)
        samples = resample_poly(samples, SAMPLE_RATE // divisor, rate // divisor)
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    samples = samples[max(0, loud[0] - 800) : loud[-1] + 1600]
    return (samples / np.abs(samples).max() * 0.9 * 32767).astype(np.int16)


def utterance(text, rnd, folder):
    """(voice, samples), or None where the synthesiser failed or the result is too short or long."""
    wav = Path(folder, "utterance.wav")
    try:
        voice = speak(text, rnd, str(wav))
        samples, rate = soundfile.read(wav, dtype="float32")
    except (subprocess.SubprocessError, soundfile.LibsndfileError):
        return None
    samples = clean(samples, rate)
    if samples is None or len(samples) > LONGEST_SECONDS * SAMPLE_RATE:
        return None
    return voice, samples


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of the shard, without extension")
    parser.add_argument("--texts", default="texts.json")
    parser.add_argument("--split", choices=["train", "eval"], default="train")
    parser.add_argument("--seed", type=int, default=100, help="another one gives other utterances")
    limit = parser.add_mutually_exclusive_group(required=True)
    limit.add_argument("--minutes", type=float, help="of work, not of speech")
    limit.add_argument("--utterances", type=int)
    parser.add_argument("--commands", type=float, default=0.12, help="share of made-up commands")
    options = parser.parse_args()

    rnd = random.Random(options.seed)
    texts = json.loads(Path(options.texts).read_text())[options.split]
    deadline = time.monotonic() + options.minutes * 60 if options.minutes else float("inf")
    wanted = options.utterances or float("inf")
    index, position, failures = [], 0, 0
    with open(f"{options.name}.pcm", "wb") as pcm, tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < deadline and len(index) < wanted:
            text = command(rnd) if rnd.random() < options.commands else rnd.choice(texts)
            spoken = utterance(text, rnd, folder)
            if spoken is None:
                failures += 1
                if failures > 20 + len(index):
                    raise SystemExit("Most utterances fail: are espeak-ng, flite and festival installed?")
                continue
            voice, samples = spoken
            pcm.write(samples.tobytes())
            index.append((text, voice, position, len(samples)))
            position += len(samples)
            if len(index) % 500 == 0:
                print(f"{len(index)} utterances, {position / SAMPLE_RATE / 3600:.2f} h", flush=True)
    Path(f"{options.name}.json").write_text(json.dumps(index))
    print(f"{options.name}: {len(index)} utterances, {position / SAMPLE_RATE / 60:.1f} min of speech")


if __name__ == "__main__":
    main()
