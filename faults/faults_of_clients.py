"""Sixteen hostile clients at once, for HOSTILE_SECONDS (40), at a server with a key, a small heap and Turkish letters."""
import base64
import json
import os
import random
import socket
import struct
import threading
import time

from server import HOST, NANO, SAMPLE, Server, form, free_port, until

KEY = "secret"
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}


def encoded(size):
    return base64.b64encode(os.urandom(size)).decode()


def frame(code, payload, last=True, length=None):
    """A masked frame of a WebSocket; it may lie about its length."""
    size = len(payload) if length is None else length
    head = bytes([(0x80 if last else 0) | code])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65_536:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    return head + b"\0\0\0\0" + payload


def text(value):
    return frame(1, json.dumps(value).encode())


def event(kind, data=b"", payload=b"", **lie):
    """An event of the Wyoming protocol; it may lie about its lengths."""
    head = {"type": kind}
    if data:
        head["data_length"] = len(data)
    if payload:
        head["payload_length"] = len(payload)
    head.update(lie)
    return json.dumps(head).encode() + b"\n" + data + payload


class Clients:
    def __init__(self, server, wyoming, seconds):
        self.server, self.wyoming = server, wyoming
        self.end = time.monotonic() + seconds
        self.flac = open(SAMPLE, "rb").read()
        self.seen, self.broken = {}, []
        # Whether a 500 may be another server's, whose status is passed on.
        self.passed_on = False
        self.lock = threading.Lock()

    def over(self):
        return time.monotonic() > self.end

    def note(self, kind, answer, body=""):
        with self.lock:
            by_kind = self.seen.setdefault(kind, {})
            by_kind[answer] = by_kind.get(answer, 0) + 1
            if (answer in (500, "500") and not self.passed_on) or "internal_error" in body:
                self.broken.append(f"{kind}: {body[:300]}")

    def post(self, kind, path, body, content_type="application/json", wait=30):
        status, answer = self.server.request("POST", path, body, {**AUTHORIZED, "Content-Type": content_type}, wait)
        self.note(kind, status, answer)

    def raw(self, kind, data, port=None, wait=2.0, half=False, leave=None):
        answer = b""
        try:
            with socket.create_connection((HOST, port or self.server.port), 5) as s:
                s.settimeout(wait)
                s.sendall(data)
                if leave is not None:
                    time.sleep(leave)
                    return self.note(kind, "left")
                if half:
                    s.shutdown(socket.SHUT_WR)
                while len(answer) < 200_000:
                    more = s.recv(65_536)
                    if not more:
                        break
                    answer += more
        except OSError:
            pass
        self.note(kind, answer[9:12].decode("latin1") if answer.startswith(b"HTTP") else "said" if answer else "nothing",
                  answer.decode("latin1"))

    def socket(self, kind, path, frames, wait):
        head = (f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
                f"Authorization: Bearer {KEY}\r\n\r\n")
        self.raw(kind, head.encode() + b"".join(frames), wait=wait)

    def chat(self):
        spoken = {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "mp3"}}
        body = random.choice([
            {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {
                "data": encoded(3_000_000), "format": "wav"}}]}]},
            {"messages": None}, {"messages": [{}] * 5000},
            {"messages": [{"role": "user", "content": "x" * 900_000}], **spoken},
            {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {
                "data": base64.b64encode(self.flac).decode(), "format": "flac"}}]}], "transcription_model": NANO},
            {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {
                "data": "data:;base64,", "format": 5}}]}]},
            {"messages": [{"role": "assistant", "audio": {"id": "../../etc/passwd"}}]}])
        self.post("chat", "/v1/chat/completions", json.dumps(body))

    def json_form(self):
        audio = base64.b64encode(self.flac).decode()
        body = random.choice([
            "", "[]", '{"a":' * 100_000, '{"input_audio":{"data":"%s"},"model":"%s"}' % (encoded(4_000_000), NANO),
            '{"input_audio":{"data":"%s","format":"flac"},"model":"%s","vad_parameters":{"nope":1}}' % (audio, NANO),
            '{"input_audio":{"data":"!!!"},"model":"%s","language":["\ud800"]}' % NANO])
        self.post("json", "/v1/audio/transcriptions", body.encode("utf-8", "surrogatepass"))

    def upload(self):
        fields = random.choice([
            {"audio_ctx": "99999"}, {"audio_ctx": "1", "response_format": "verbose_json"}, {"batch_size": "-1"},
            {"batch_size": "128", "stream": "true"}, {"model": "\u0130" * 1000},
            {"response_format": "SRT", "language": "\u0130n"}, {"prompt": "x" * 300_000},
            {"file_url": "http://127.0.0.1:1/"}, {"file_url": "http://[::ffff:169.254.169.254]/"}, {"file_url": "file:///"}])
        content = random.choice([self.flac, b"", os.urandom(20_000), self.flac[:777],
                                 b"RIFF\xff\xff\xff\xffWAVEfmt " + os.urandom(60)])
        body, kind = form(content, **{"model": NANO, **fields})
        self.post("form", "/v1/audio/transcriptions", body, kind)

    def subtitles(self):
        path = random.choice(["/asr?output=srt&encode=true", "/asr?encode=false&output=json&word_timestamps=true",
                              "/asr?task=nothing&output=exe", "/detect-language?encode=false", "/inference",
                              "/asr?language=\u0130".encode().decode("latin1").replace("\u00c4", "%C4").replace("\u00b0", "%B0")])
        content = random.choice([self.flac, b"", os.urandom(32_001), b"\0" * 640_000])
        body, kind = form(content, temperature="nan", response_format=random.choice(["json", "srt", "x", "verbose_json"]))
        body = body.replace(b'name="file"', b'name="audio_file"') if path != "/inference" else body
        self.post("subtitles", path, body, kind)

    def realtime(self):
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "y" * 50_000}]}
        frames = random.choice([
            [frame(1, b"{" * 100_000)], [frame(2, os.urandom(70_000))], [frame(1, b"x", length=1 << 40)],
            [text({"type": "session.update", "session": {"turn_detection": {"threshold": float("nan")}}})],
            [text({"type": "input_audio_buffer.append", "audio": encoded(48_000)}) for _ in range(60)]
            + [text({"type": "input_audio_buffer.commit"})],
            [text({"type": "response.create"})] * 200,
            [text({"type": "conversation.item.create", "item": item})] * 300,
            [frame(1, b'{"type":', last=False)] + [frame(9, b"p")] * 500,
            [text({"type": "response.create"}), text({"type": "response.cancel"})] * 100, [frame(8, b"\x03")]])
        intent = random.choice(["conversation", "transcription"])
        self.socket("realtime", f"/v1/realtime?model=m&intent={intent}", frames, random.choice([0.05, 0.5, 2]))

    def captions(self):
        path = random.choice([f"/v1/audio/transcriptions/stream?model={NANO}", "/v1/listen?encoding=mulaw&sample_rate=-1",
                              "/v1/listen?encoding=linear16&sample_rate=8000&channels=2",
                              "/v1/audio/transcriptions/stream?sample_rate=999999999"])
        frames = [frame(2, os.urandom(random.choice([1, 3, 32_000]))) for _ in range(100)]
        self.socket("captions", path, frames + [text({"type": "finalize"}), text({"type": "close"})], 1)

    def home_assistant(self):
        format_ = b'{"rate":16000,"width":2,"channels":1}'
        data = random.choice([
            b'{"type":"describe"}\n', b'{"type":"describe"' + b" " * 2_000_000,
            event("audio-chunk", payload_length=1 << 50), event("audio-start", b'{"rate":-1,"width":9,"channels":0}'),
            event("synthesize", json.dumps({"text": "z" * 400_000}).encode()), b"\0" * 100_000,
            event("transcribe", b"{}") + event("audio-start", format_) + event("audio-chunk", format_, os.urandom(64_001))
            + event("audio-stop", b"{}"), event("ping", data_length=-5)])
        self.raw("wyoming", data, self.wyoming, half=random.random() < 0.5, leave=random.choice([None, None, 0.05]))

    def http(self):
        post = f"POST /v1/audio/speech HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {KEY}\r\n".encode()
        self.raw("http", random.choice([
            b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", post + b"Content-Length: 999999999999\r\n\r\n{",
            b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", post + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n",
            b"\x16\x03\x01" + os.urandom(200), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            post + b"traceparent: 00-" + b"f" * 5000 + b"\r\nContent-Length: 2\r\n\r\n{}"]))

    def slow(self):
        head = (f"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
                'Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"input":"').encode()
        self.raw("slow", head, leave=3)

    def speech(self):
        said = random.choice(["\ud83d" * 1000, "1" * 100_000, "<speak>" * 3000, "U.S. $5.50 " * 2000, "mailto: " * 3000,
                              "\u4e2d" * 5000 + "2024\u5e743\u67085\u65e5", "a\u0301" * 20_000, "\u202e" * 5000])
        self.post("speech", "/v1/audio/speech", json.dumps({
            "model": "espeak-ng/espeak-ng", "voice": "en-us", "input": said,
            "response_format": random.choice(["wav", "mp3", "opus", "pcm"])}), wait=40)

    def loop(self):
        kinds = [self.chat, self.json_form, self.upload, self.subtitles, self.realtime, self.captions,
                 self.home_assistant, self.http, self.slow, self.speech]
        while not self.over() and self.server.alive():
            random.choice(kinds)()


def fault_hostile_clients(folder):
    seconds = int(os.environ.get("HOSTILE_SECONDS", "40"))
    wyoming = free_port()
    settings = {"API_KEY": KEY, "WYOMING_PORT": str(wyoming), "FILE_URLS": "true"}
    with Server(folder, settings, ["-Duser.language=tr", "-Duser.country=TR"]) as server:
        clients = Clients(server, wyoming, seconds)
        threads = [threading.Thread(target=clients.loop) for _ in range(16)]
        for thread in threads:
            thread.start()
        slowest, resident = 0, 0
        while any(thread.is_alive() for thread in threads):
            begin = time.monotonic()
            health = server.request("GET", "/health", seconds=20)[0]
            slowest = max(slowest, time.monotonic() - begin)
            assert server.alive(), "it ended:\n" + server.log()[-2000:]
            assert health in (200, 503), f"health {health}"
            resident = max(resident, server.status("VmRSS") >> 10)
            time.sleep(1)
        assert not clients.broken, f"{len(clients.broken)}, such as {clients.broken[0]}"
        until(lambda: server.health() == 200, 30, "health afterwards")
        body, kind = form(open(SAMPLE, "rb").read(), model=NANO, response_format="text")
        status, said = server.request("POST", "/v1/audio/transcriptions", body, {**AUTHORIZED, "Content-Type": kind})
        assert status == 200 and "miracle" in said, f"afterwards: {status} {said}"
        until(lambda: not server.uploads(), 40, "the uploads removed")
        files = len(os.listdir(f"/proc/{server.pid()}/fd"))
        threads_left = server.status("Threads")
        assert server.stop() == 0
        log = server.log()
        assert "Unexpected failure" not in log, "in the log:\n" + log[log.index("Unexpected failure"):][:2000]
    told = "; ".join(f"{kind}: {answers}" for kind, answers in sorted(clients.seen.items()))
    print(f"         {told}"[:2000])
    return (f"{sum(sum(a.values()) for a in clients.seen.values())} attacks in {seconds} s, no 500; slowest health {slowest:.1f} s, "
            f"resident {resident} MB at most; then {threads_left} threads, {files} files, exit 0")
