"""Compares the speed of two versions of Parlo on one machine; benchmarks/speed-gate.sh has both built.

Three servers run at once: the base, the base once more, and the new version. In every round each workload goes to all
three, one after another, who comes first changing from round to round, so that whatever else the machine does hits all
alike. A figure is the median over the rounds of new / base; how far base / base strays from 1 is the noise.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")
TEXT = "The quick brown fox jumps over the lazy dog, and the dog sleeps on. " * 6
SPEECH = {"model": "espeak-ng/espeak-ng", "voice": "en-us", "input": TEXT, "response_format": "pcm", "sample_rate": 24000}


class Server:
    """A version that runs on a free port, with folders of its own."""

    def __init__(self, folder, place):
        self.port = free_port()
        for name in ("cache", "hub", "tmp"):
            (place / name).mkdir(parents=True)
        environment = dict(
            os.environ,
            PARLO_CACHE_DIR=str(place / "cache"),
            PARLO_TMP_DIR=str(place / "tmp"),
            HF_HUB_CACHE=str(place / "hub"),
            HF_HUB_OFFLINE="1",
            METRICS="off",
            STT_MODEL_TTL="-1",
            TTS_MODEL_TTL="-1",
            PARLO_JAVA_OPTS="-Xmx512m",
        )
        self.log = place / "log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [str(folder / "parlo"), "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def await_start(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                sys.exit(f"a server ended at its start:\n{self.log.read_text()}")
            with contextlib.suppress(OSError):
                self.get("/health")
                return
            time.sleep(0.1)
        sys.exit("a server did not start within two minutes")

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def post(self, path, kind, body):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data=body, headers={"Content-Type": kind}
        )
        try:
            return urllib.request.urlopen(request, timeout=600)
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{path} was answered {refusal.code}: {refusal.read(500).decode()}")

    def transcribe(self, audio):
        boundary = "speed-gate"
        fields = {"model": "parlo/whisper-nano.en", "response_format": "json", "temperature": "0"}
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.flac"\r\n\r\n'.encode()
        )
        parts += [audio, f"\r\n--{boundary}--\r\n".encode()]
        with self.post("/v1/audio/transcriptions", f"multipart/form-data; boundary={boundary}", b"".join(parts)) as answer:
            return answer.read()

    def speak(self):
        """Seconds until the first byte of a speech, and seconds that its sound lasts."""
        begin = time.perf_counter()
        with self.post("/v1/audio/speech", "application/json", json.dumps(SPEECH).encode()) as answer:
            first = answer.read(1)
            until_first = time.perf_counter() - begin
            count = len(first) + len(answer.read())
        return until_first, count / 2 / 24000

    def processor_seconds(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat[stat.rindex(")") + 2 :].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def one_after_another(server, audio, requests):
    for _ in range(requests):
        server.transcribe(audio)
    return {}


def four_clients(server, audio, requests):
    with concurrent.futures.ThreadPoolExecutor(4) as clients:
        list(clients.map(lambda _: server.transcribe(audio), range(4 * requests)))
    return {}


def speech(server, audio, requests):
    begin = time.perf_counter()
    spoken = [server.speak() for _ in range(requests)]
    took = time.perf_counter() - begin
    return {
        "first byte": statistics.median(first for first, _ in spoken),
        "real-time factor": took / sum(seconds for _, seconds in spoken),
    }


WORKLOADS = {
    "file, one client": one_after_another,
    "file, four clients": four_clients,
    "speech": speech,
}


def measured(server, workload, audio, requests):
    processor = server.processor_seconds()
    begin = time.perf_counter()
    figures = workload(server, audio, requests)
    figures["wall time"] = time.perf_counter() - begin
    # Of a hundredth of a second at the least: that is how exact the system is.
    figures["processor time"] = max(1 / TICKS, server.processor_seconds() - processor)
    return figures


def compared(rounds, band):
    """A row for each figure: the median ratios, the noise, and whether it is beyond the band."""
    rows = []
    for name in WORKLOADS:
        for figure in rounds[0]["base"][name]:
            values = {who: [one[who][name][figure] for one in rounds] for who in ("base", "again", "new")}
            # Both runs of the base are as good as each other.
            ratios = [new / ((one + two) / 2) for new, one, two in zip(values["new"], values["base"], values["again"])]
            strays = [max(one, two) / min(one, two) - 1 for one, two in zip(values["base"], values["again"])]
            noise = statistics.median(strays)
            ratio = statistics.median(ratios)
            # One round that something else disturbed must not decide.
            behind = sum(
                new > max(one, two) for new, one, two in zip(values["new"], values["base"], values["again"])
            )
            rows.append(
                {
                    "workload": name,
                    "figure": figure,
                    "base": statistics.median(values["base"] + values["again"]),
                    "new": statistics.median(values["new"]),
                    "ratio": ratio,
                    "noise": noise,
                    "slower": ratio > 1 + band + noise and behind >= 0.75 * len(rounds),
                    "telling": noise <= band,
                }
            )
    return rows


def table(rows):
    lines = ["| workload | figure | base (s) | new (s) | new / base | noise | |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        verdict = "**slower**" if row["slower"] else "" if row["telling"] else "too noisy to tell"
        lines.append(
            f"| {row['workload']} | {row['figure']} | {row['base']:.3f} | {row['new']:.3f} |"
            f" {row['ratio']:.2f} | ± {row['noise']:.2f} | {verdict} |"
        )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=pathlib.Path, required=True)
    parser.add_argument("--new", type=pathlib.Path, required=True)
    parser.add_argument("--samples", type=pathlib.Path, required=True)
    parser.add_argument("--json", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=3)
    parser.add_argument("--band", type=float, default=10, help="percent")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that the servers end, too
    audio = max(given.samples.glob("*.flac"), key=lambda file: file.stat().st_size).read_bytes()
    band = given.band / 100
    rounds = []
    with contextlib.ExitStack() as closing:
        place = pathlib.Path(closing.enter_context(tempfile.TemporaryDirectory()))
        servers = {}
        for who, folder in (("base", given.base), ("again", given.base), ("new", given.new)):
            servers[who] = Server(folder, place / who)
            closing.callback(servers[who].close)
        for server in servers.values():
            server.await_start()
        for number in range(-1, given.rounds):  # the first one warms up and counts for nothing
            order = list(servers)
            order = order[number % 3 :] + order[: number % 3]
            figures = {who: {} for who in order}
            for name, workload in WORKLOADS.items():
                for who in order:
                    figures[who][name] = measured(servers[who], workload, audio, given.requests)
            if number >= 0:
                rounds.append(figures)
                print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
    rows = compared(rounds, band)
    print(table(rows))
    slower = [row for row in rows if row["slower"]]
    noisy = [row for row in rows if not row["telling"]]
    given.json.write_text(json.dumps({"band": band, "rows": rows, "rounds": rounds}, indent=1) + "\n")
    print(
        f"speed-gate: {len(slower)} of {len(rows)} figures slower than {given.band:g} % beyond the noise,"
        f" {len(noisy)} too noisy to tell",
        file=sys.stderr,
    )
    sys.exit(1 if slower else 0)


if __name__ == "__main__":
    main()
