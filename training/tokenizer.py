"""Whisper's byte-level BPE: text to token ids and back, and the ids of the special tokens."""
import json
from pathlib import Path

import regex

# How GPT-2 cuts text into pieces that merges never cross.
PIECES = regex.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)

LANGUAGES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th "
    "ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr "
    "pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt "
    "haw ln ha ba jw su"
).split()

SPECIALS = (
    ["<|endoftext|>", "<|startoftranscript|>"]
    + [f"<|{language}|>" for language in LANGUAGES]
    + ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>"]
    + ["<|notimestamps|>"]
)
TIMESTAMPS = [f"<|{step * 0.02:.2f}|>" for step in range(1501)]


def byte_characters():
    """GPT-2's printable stand-in for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {byte: chr(byte) for byte in printable}
    table.update({byte: chr(256 + i) for i, byte in enumerate(others)})
    return table


BYTE_TO_CHARACTER = byte_characters()
CHARACTER_TO_BYTE = {character: byte for byte, character in BYTE_TO_CHARACTER.items()}


def pieces(text):
    """The text's pieces, each as a string of byte characters."""
    return ["".join(BYTE_TO_CHARACTER[byte] for byte in piece.encode()) for piece in PIECES.findall(text)]


class Tokenizer:
    """Reads a tokenizer.json that train_tokenizer.py wrote."""

    def __init__(self, path):
        content = json.loads(Path(path).read_text())
        self.vocabulary = content["model"]["vocab"]
        merges = (merge.split(" ") for merge in content["model"]["merges"])
        self.ranks = {tuple(merge): rank for rank, merge in enumerate(merges)}
        special = {token["content"]: token["id"] for token in content["added_tokens"]}
        self.texts = {token: text for text, token in self.vocabulary.items()}
        self.size = len(self.vocabulary) + len(special)
        self.end_of_text = special["<|endoftext|>"]
        self.start = special["<|startoftranscript|>"]
        self.start_of_previous = special["<|startofprev|>"]
        self.no_speech = special["<|nospeech|>"]
        self.no_timestamps = special["<|notimestamps|>"]
        self.first_timestamp = special["<|0.00|>"]
        self._pieces = {}

    def encode(self, text):
        return [token for piece in pieces(text) for token in self._encode_piece(piece)]

    def _encode_piece(self, piece):
        if piece not in self._pieces:
            parts = list(piece)
            while len(parts) > 1:
                ranked = [(self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:]))]
                rank, i = min(ranked)
                if rank == 1 << 30:
                    break
                parts[i : i + 2] = [parts[i] + parts[i + 1]]
            self._pieces[piece] = [self.vocabulary[part] for part in parts]
        return self._pieces[piece]

    def decode(self, tokens):
        """The text of the text tokens; special tokens and timestamps are left out."""
        characters = (c for token in tokens if token < self.end_of_text for c in self.texts[token])
        return bytes(CHARACTER_TO_BYTE[c] for c in characters).decode("utf-8", "replace")

    def timestamp(self, seconds):
        return self.first_timestamp + min(1500, round(seconds / 0.02))
