#!/usr/bin/env python3
"""Word error rates of long recordings with and without voice activity detection.

Asks a running server: vad.py http://127.0.0.1:8000 GOLDEN, a folder with golden.json (files with a
reference each) and audio/. Writes one JSON object.
"""

import json
import re
import sys
import urllib.request
import uuid
from pathlib import Path

MODEL = "parlo/whisper-nano.en"
WAYS = {
    "all of it, one window after another": {"vad_filter": "false"},
    "all of it, in batches": {"vad_filter": "false", "batch_size": "8"},
    "speech, one window after another": {"batch_size": "0"},
    "speech, in batches (default)": {},
}


def words(text):
    return re.sub(r"[^a-z' ]", " ", text.lower()).split()


def distance(wanted, heard):
    row = list(range(len(heard) + 1))
    for i, one in enumerate(wanted, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            least = min(row[j] + 1, row[j - 1] + 1, diagonal + (one != other))
            diagonal, row[j] = row[j], least
    return row[-1]


def transcribe(server, file, fields):
    boundary = uuid.uuid4().hex
    body = b""
    for name, value in {"model": MODEL, "temperature_fallback": "false", **fields}.items():
        body += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        ).encode()
    body += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    ).encode()
    body += file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(
        server + "/v1/audio/transcriptions",
        body,
        {"Content-Type": "multipart/form-data; boundary=" + boundary},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["text"]


def main():
    server, golden = sys.argv[1], Path(sys.argv[2])
    files = [
        file
        for file in json.loads((golden / "golden.json").read_text())["files"]
        if file.get("reference")
    ]
    rates = {}
    for way, fields in WAYS.items():
        wrong = spoken = 0
        for file in files:
            wanted = words(file["reference"])
            heard = transcribe(server, golden / "audio" / file["file"], fields)
            wrong += distance(wanted, words(heard))
            spoken += len(wanted)
        rates[way] = round(wrong / spoken, 4)
    print(json.dumps({"word error rate": rates}, indent=2))


if __name__ == "__main__":
    main()
