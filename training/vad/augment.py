#!/usr/bin/env python3
"""Makes training audio: voices at many levels, in noise, among tones, in rooms, and noise alone.

Reads bare 16-bit samples at 16 kHz (VOICES/*.pcm, one utterance or more each) and writes
OUT/NNNN.pcm. Which windows are speech is not told here: Silero judges the result, see README.md.
"""

import argparse
from pathlib import Path

import numpy as np

from features import RATE


def unit(x):
    return x / np.sqrt((x**2).mean() + 1e-9)


def noise(rng, n, tilt):
    """Noise whose power falls with frequency to the power of tilt: 0 white, 1 pink, 2 brown."""
    f = np.fft.rfftfreq(n, 1 / RATE)
    f[0] = f[1]
    spectrum = (rng.standard_normal(len(f)) + 1j * rng.standard_normal(len(f))) / f ** (tilt / 2)
    return unit(np.fft.irfft(spectrum, n))


def note(rng, pitch, length):
    """A note with harmonics that dies away, as of a string or a key that is struck."""
    s = np.arange(length) / RATE
    fall = rng.uniform(1, 6)
    return sum(np.sin(2 * np.pi * pitch * k * s) * np.exp(-s * k * fall) / k for k in range(1, 7))


def chords(rng, n):
    """Several notes that begin together, again and again."""
    x = np.zeros(n)
    at = 0
    while at < n:
        length = min(int(rng.uniform(0.25, 1.6) * RATE), n - at)
        root = 55 * 2 ** (rng.integers(12, 36) / 12)
        for step in rng.choice([0, 3, 4, 7, 9, 12, 16], rng.integers(2, 5), replace=False):
            x[at : at + length] += note(rng, root * 2 ** (step / 12), length)
        at += length
    return x


def drums(rng, n):
    """Blows of a drum with a falling pitch, and bursts of noise between them."""
    x = np.zeros(n)
    beat = int(rng.uniform(0.2, 0.7) * RATE)
    for at in range(0, n - beat, beat // 2):
        s = np.arange(beat // 2) / RATE
        if at // (beat // 2) % 2 == 0:
            start = rng.uniform(50, 220)
            sweep = start * s + 3 * start * (1 - np.exp(-30 * s)) / 30
            x[at : at + len(s)] += np.exp(-rng.uniform(8, 25) * s) * np.sin(2 * np.pi * sweep)
        else:
            burst = np.exp(-rng.uniform(15, 60) * s) * rng.standard_normal(len(s))
            x[at : at + len(s)] += rng.uniform(0.1, 0.8) * burst
    return x


def tones(rng, n):
    """A tone, several, a hum, a siren, a melody, a square wave, chords, drums, a sweep or a
    trembling note, some of them on and off."""
    t = np.arange(n) / RATE
    kind = rng.integers(10)
    if kind == 0:
        x = np.sin(2 * np.pi * rng.uniform(80, 3000) * t)
    elif kind == 1:
        x = sum(np.sin(2 * np.pi * rng.uniform(80, 3000) * t) for _ in range(rng.integers(2, 5)))
    elif kind == 2:
        pitch = rng.uniform(60, 400)
        x = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, rng.integers(6, 24)))
    elif kind == 3:
        bend = rng.uniform(20, 300) * np.sin(2 * np.pi * rng.uniform(0.2, 2) * t)
        x = np.sin(2 * np.pi * (rng.uniform(200, 900) * t + bend))
    elif kind == 4:
        x = np.zeros(n)
        at = 0
        while at < n:
            length = min(int(rng.uniform(0.08, 0.6) * RATE), n - at)
            x[at : at + length] = note(rng, 55 * 2 ** (rng.integers(12, 48) / 12), length)
            at += length
    elif kind == 5:
        x = np.sign(np.sin(2 * np.pi * rng.uniform(50, 900) * t))
    elif kind == 6:
        x = chords(rng, n)
    elif kind == 7:
        x = drums(rng, n)
    elif kind == 8:
        low, high = np.sort(rng.uniform(50, 7000, 2))
        span = n / RATE / rng.integers(1, 4)
        x = np.sin(2 * np.pi * (low * (t % span) + (high - low) / (2 * span) * (t % span) ** 2))
    else:
        tremble = rng.uniform(0.003, 0.02) / rng.uniform(4, 7)
        pitch = rng.uniform(180, 900) * (t + tremble * np.sin(2 * np.pi * rng.uniform(4, 7) * t))
        x = sum(np.sin(2 * np.pi * k * pitch) / k for k in range(1, 12))
    if rng.random() < 0.4:
        x = x * (np.sin(2 * np.pi * rng.uniform(0.3, 4) * t) > 0)
    return unit(x)


def background(rng, n, voices):
    kind = rng.random()
    if kind < 0.5:
        return noise(rng, n, rng.uniform(0, 2.5))
    if kind < 0.7:  # comes and goes
        swell = np.interp(
            np.arange(n), np.arange(0, n + 4000, 4000), rng.standard_normal(n // 4000 + 2)
        )
        return noise(rng, n, rng.uniform(0, 2.5)) * (0.3 + np.abs(swell))
    if kind < 0.8:  # a crowd: six voices, backwards
        crowd = [np.resize(voices[rng.integers(len(voices))][::-1], n) for _ in range(6)]
        return unit(sum(crowd))
    return tones(rng, n)


def filtered(x, gain):
    f = np.fft.rfftfreq(len(x), 1 / RATE)
    return np.fft.irfft(np.fft.rfft(x) * gain(f), len(x))


def voice(rng, clean, voices, alone):
    x = clean[: 30 * RATE] * 10 ** (rng.uniform(-30, 6) / 20)
    speed = rng.uniform(0.8, 1.3)
    x = np.interp(np.arange(0, len(x) - 1, speed), np.arange(len(x)), x)
    pause = np.zeros(int(rng.uniform(0.2, 2) * RATE))
    x = np.concatenate([pause, x, pause])
    if not alone:
        level = np.sqrt((x**2).mean()) + 1e-6
        x = x + background(rng, len(x), voices) * level * 10 ** (-rng.uniform(-2, 35) / 20)
    if rng.random() < 0.3:  # a room
        length = int(rng.uniform(0.1, 0.4) * RATE)
        room = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 5))
        room[0] = 4
        x = np.convolve(x, room)[: len(x)] / 5
    if rng.random() < 0.3:  # a telephone
        x = filtered(x, lambda f: np.where((f < 300) | (f > 3400), 0.03, 1))
    if rng.random() < 0.3:  # a dull or a bright microphone
        tilt = rng.uniform(-8, 8)
        x = filtered(x, lambda f: 10 ** (tilt * np.log2((f + 100) / 1000) / 60))
    return x


def without_voice(rng, n, index):
    sound = noise(rng, n, rng.uniform(-0.3, 2.5)) if index % 2 else tones(rng, n)
    x = sound * 10 ** (rng.uniform(-60, -5) / 20)
    if rng.random() < 0.4:
        x = x + noise(rng, n, rng.uniform(0, 2)) * 10 ** (rng.uniform(-70, -30) / 20)
    if rng.random() < 0.3:
        x = x * (1 + 0.9 * np.sin(2 * np.pi * rng.uniform(0.2, 5) * np.arange(n) / RATE))
    return x


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voices", type=Path, help="folder of *.pcm")
    parser.add_argument("out", type=Path)
    parser.add_argument("--copies", type=int, default=9, help="of each file of voices")
    parser.add_argument("--without", type=int, default=420, help="files without a voice")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    voices = [np.fromfile(f, "<i2") / 32768 for f in sorted(options.voices.glob("*.pcm"))]
    options.out.mkdir(parents=True, exist_ok=True)
    made = 0

    def save(x):
        nonlocal made
        pcm = np.clip(x * 32768, -32768, 32767).astype("<i2")
        pcm.tofile(options.out / f"{made:04d}.pcm")
        made += 1

    for clean in voices:
        for copy in range(options.copies):
            save(voice(rng, clean, voices, alone=copy == 0))
    for index in range(options.without):
        save(without_voice(rng, int(rng.uniform(6, 14) * RATE), index))
    print(made, "files")


if __name__ == "__main__":
    main()
