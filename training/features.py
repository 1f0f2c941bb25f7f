"""Whisper's log-mel features, batched."""
import math

import numpy as np
import torch

SAMPLE_RATE = 16000
HOP = 160
FFT = 400
MELS = 80


def mel_filters():
    """Slaney's scale and area normalisation, [80, 201]."""
    hertz_per_mel, break_mel, log_step = 200 / 3, 15.0, math.log(6.4) / 27

    def hertz(mel):
        if mel < break_mel:
            return hertz_per_mel * mel
        return 1000 * math.exp(log_step * (mel - break_mel))

    top = break_mel + math.log(SAMPLE_RATE / 2 / 1000) / log_step
    edges = np.array([hertz(mel) for mel in np.linspace(0, top, MELS + 2)])
    bins = np.fft.rfftfreq(FFT, 1 / SAMPLE_RATE)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    filters = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return torch.tensor(filters, dtype=torch.float32)


FILTERS = mel_filters()
WINDOW = torch.hann_window(FFT)


def log_mel(samples):
    """[batch, samples] to [batch, 80, samples / 160], scaled as Whisper does it, per item."""
    spectrum = torch.stft(samples, FFT, HOP, window=WINDOW, return_complex=True)
    power = spectrum[..., :-1].abs() ** 2
    mel = torch.clamp(FILTERS @ power, min=1e-10).log10()
    mel = torch.maximum(mel, mel.amax(dim=(1, 2), keepdim=True) - 8)
    return (mel + 4) / 4
