"""Whisper's network (Radford et al. 2022), at any size, with an auxiliary CTC head on the encoder."""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

HEAD_WIDTH = 64
AUDIO_POSITIONS = 1500
TEXT_POSITIONS = 448
CTC_CLASSES = 29  # blank, space, 26 letters, apostrophe


@dataclass(frozen=True)
class Shape:
    """Sizes of a network; the defaults are the built-in model's."""

    vocabulary: int
    width: int = 192
    encoder_layers: int = 4
    decoder_layers: int = 3
    mels: int = 80

    @property
    def heads(self):
        return self.width // HEAD_WIDTH


class _Gelu(torch.autograd.Function):
    """The exact GELU. torch 1.13's fused backward misreads gradients that are not contiguous."""

    @staticmethod
    def forward(context, x):
        x = x.contiguous()
        context.save_for_backward(x)
        return F.gelu(x)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return torch.ops.aten.gelu_backward(gradient.contiguous().to(x.dtype), x)


gelu = _Gelu.apply


class Attention(nn.Module):
    """Multi-head attention; keys have no bias, as in Whisper. Scores are computed in float32."""

    def __init__(self, width):
        super().__init__()
        self.heads = width // HEAD_WIDTH
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def _split(self, x):  # [batch, time, width] -> [batch, heads, time, 64]
        return x.view(x.shape[0], x.shape[1], self.heads, HEAD_WIDTH).transpose(1, 2)

    def forward(self, x, source=None, mask=None):
        source = x if source is None else source
        q, k, v = self._split(self.query(x)), self._split(self.key(source)), self._split(self.value(source))
        with torch.autocast("cpu", enabled=False):
            scores = (q * HEAD_WIDTH**-0.5).contiguous() @ k.transpose(-1, -2).contiguous()
            if mask is not None:
                scores = scores + mask.to(scores.dtype)
            mixed = scores.softmax(-1) @ v.contiguous()
        return self.out(mixed.transpose(1, 2).reshape(x.shape))


class Block(nn.Module):
    """Self-attention, cross-attention in a decoder, and the feed-forward net, each with pre-norm."""

    def __init__(self, width, cross, dropout):
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = Attention(width)
        self.cross_norm = nn.LayerNorm(width) if cross else None
        self.cross_attention = Attention(width) if cross else None
        self.ffn_norm = nn.LayerNorm(width)
        self.ffn_in = nn.Linear(width, 4 * width)
        self.ffn_out = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, audio=None, mask=None):
        x = x + self.dropout(self.self_attention(self.self_norm(x), mask=mask))
        if self.cross_attention is not None:
            x = x + self.dropout(self.cross_attention(self.cross_norm(x), audio))
        return x + self.dropout(self.ffn_out(gelu(self.ffn_in(self.ffn_norm(x)))))


def sinusoids(positions, width):
    rates = torch.exp(-math.log(10000) / (width // 2 - 1) * torch.arange(width // 2))
    angles = torch.arange(positions)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], 1)


class Whisper(nn.Module):
    def __init__(self, shape, dropout=0.05):
        super().__init__()
        if shape.width % HEAD_WIDTH:
            raise ValueError(f"width {shape.width} is no multiple of {HEAD_WIDTH}")
        self.shape = shape
        width = shape.width
        self.conv1 = nn.Conv1d(shape.mels, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("audio_positions", sinusoids(AUDIO_POSITIONS, width))
        self.encoder = nn.ModuleList(Block(width, False, dropout) for _ in range(shape.encoder_layers))
        self.encoder_norm = nn.LayerNorm(width)
        self.embedding = nn.Embedding(shape.vocabulary, width)
        self.text_positions = nn.Parameter(torch.randn(TEXT_POSITIONS, width) * 0.01)
        self.decoder = nn.ModuleList(Block(width, True, dropout) for _ in range(shape.decoder_layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.ctc = nn.Linear(width, CTC_CLASSES)
        nn.init.normal_(self.embedding.weight, std=0.05)

    def encode(self, mel):
        """[batch, mels, frames] -> [batch, frames / 2, width]"""
        x = gelu(self.conv2(gelu(self.conv1(mel)))).transpose(1, 2).contiguous()
        x = x + self.audio_positions[: x.shape[1]]
        for block in self.encoder:
            x = block(x)
        return self.encoder_norm(x)

    def decode(self, tokens, audio):
        """Logits after each token, [batch, tokens, vocabulary]; the output matrix is the embedding's."""
        length = tokens.shape[1]
        x = self.embedding(tokens) + self.text_positions[:length]
        mask = torch.full((length, length), float("-inf")).triu(1)
        for block in self.decoder:
            x = block(x, audio, mask)
        return self.decoder_norm(x) @ self.embedding.weight.t()

    @torch.no_grad()
    def greedy(self, mel, prompt, end_of_text, longest=120):
        """The likeliest token again and again; [batch, tokens] without the prompt."""
        audio = self.encode(mel)
        tokens = torch.tensor([list(prompt)] * mel.shape[0])
        done = torch.zeros(mel.shape[0], dtype=torch.bool)
        for _ in range(longest):
            following = self.decode(tokens, audio)[:, -1].argmax(-1)
            following[done] = end_of_text
            done |= following == end_of_text
            tokens = torch.cat([tokens, following[:, None]], 1)
            if done.all():
                break
        return tokens[:, len(prompt) :]


def save(model, path):
    torch.save({"shape": asdict(model.shape), "weights": model.state_dict()}, path)


def load(path, dropout=0.05):
    content = torch.load(path)
    model = Whisper(Shape(**content["shape"]), dropout)
    model.load_state_dict(content["weights"])
    return model
