"""What the network hears of each window of 512 samples at 16 kHz (32 ms).

NanoFeatures and Periodicity in engines/ compute the same numbers; NanoVadTest compares them.
"""

import numpy as np

RATE = 16_000
WINDOW = 512
BANDS = 24
CONTEXT = 12  # windows that the network sees: this one and the eleven before


def mel(hertz):
    return 1127 * np.log(1 + np.asarray(hertz) / 700)


def filters():
    """Triangles of equal width in mel from 80 to 7,600 Hz, [band, bin]."""
    edges = np.linspace(mel(80), mel(7600), BANDS + 2)
    bins = mel(np.arange(WINDOW // 2 + 1) * RATE / WINDOW)
    rows = [
        np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
        for low, centre, high in zip(edges, edges[1:], edges[2:])
    ]
    return np.clip(rows, 0, None)


FILTERS = filters()
HANN = np.hanning(WINDOW + 1)[:WINDOW]


def frames(samples, length, hop):
    count = (len(samples) - length) // hop + 1
    step = samples.strides[0]
    return np.lib.stride_tricks.as_strided(samples, (count, length), (step * hop, step))


def floor_of(bands):
    """The level of the noise: follows a fall at once and a rise slowly."""
    floor = np.empty_like(bands)
    level = bands[0]
    for i, now in enumerate(bands):
        level = np.where(now < level, (level + now) / 2, level + 0.004 * np.minimum(now - level, 5))
        floor[i] = level
    return floor


def features(pcm):
    """16-bit samples -> [windows, 56]."""
    x = pcm.astype(float) / 32768
    n = len(x) // WINDOW
    x = x[: n * WINDOW]
    # Two frames a window, of which the first reaches half a window back.
    half = np.concatenate([np.zeros(WINDOW // 2), x])
    power = np.abs(np.fft.rfft(frames(half, WINDOW, WINDOW // 2) * HANN, axis=1)) ** 2
    log_mel = np.log(power @ FILTERS.T + 1e-7).reshape(n, 2, BANDS)
    bands = log_mel.mean(1)
    change = np.abs(log_mel[:, 1] - log_mel[:, 0]).mean(1)
    before = np.concatenate([log_mel[:1, 1], log_mel[:-1, 1]])
    change_before = np.abs(log_mel[:, 0] - before).mean(1)

    # Periodicity: the highest autocorrelation of 64 ms between 60 and 400 Hz.
    pairs = frames(np.concatenate([np.zeros(WINDOW), x]), 2 * WINDOW, WINDOW)
    spectrum = np.abs(np.fft.rfft(pairs, 4 * WINDOW, axis=1)) ** 2
    correlation = np.fft.irfft(spectrum, axis=1)[:, :267]
    correlation = correlation / (correlation[:, :1] + 1e-6)
    correlation /= 1 - np.arange(267) / (2 * WINDOW)
    strength = correlation[:, 40:].max(1)
    lag = np.log(correlation[:, 40:].argmax(1) + 40)
    lag_change = np.minimum(np.abs(np.diff(lag, prepend=lag[0])), 1)

    # The shape of the spectrum between 125 Hz and 4 kHz, and its likeness to the one before.
    shape = power.reshape(n, 2, -1)[:, :, 4:130].mean(1) + 1e-10
    flatness = np.log(shape).mean(1) - np.log(shape.mean(1))
    peak = np.log(shape.max(1) / shape.sum(1))
    unit = np.sqrt(shape)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True) + 1e-9
    likeness = np.concatenate([[0], (unit[1:] * unit[:-1]).sum(1)])
    energy = np.log((x.reshape(n, WINDOW) ** 2).mean(1) + 1e-9)

    others = [
        change,
        change_before,
        strength,
        lag_change,
        0.5 * flatness,
        0.5 * peak,
        0.3 * np.log(1 - np.minimum(likeness, 0.9999)),
        0.2 * (energy + 9),
    ]
    return np.concatenate(
        [0.3 * (bands - floor_of(bands)), 0.15 * (bands + 8), np.stack(others, 1)], 1
    ).astype(np.float32)


def with_context(rows):
    """[windows, 56] -> [windows, 672], the oldest first; the first window counts as lasting."""
    padded = np.concatenate([np.repeat(rows[:1], CONTEXT - 1, 0), rows])
    size = rows.shape[1]
    step = padded.strides[0]
    view = np.lib.stride_tricks.as_strided(
        padded, (len(rows), CONTEXT * size), (step, padded.strides[1])
    )
    return view.copy()
