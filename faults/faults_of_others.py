"""Clocks that jump, servers that share, hubs and clients that do not keep to the rules."""
import email.utils
import glob
import http.client
import json
import os
import socket
import subprocess
import threading
import time

from server import HOST, NANO, SAMPLE, Hub, Server, form, repository, until


def fault_clock_jumps(folder):
    """The wall clock is put a day ahead, then a year back, while it transcribes and streams (clock.c)."""
    library = os.path.join(folder, "clock.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, os.path.join(os.path.dirname(__file__), "clock.c"), "-ldl"],
                   check=True)
    clock = os.path.join(folder, "clock")

    def put(seconds):
        with open(clock + ".new", "w") as f:
            f.write(str(seconds))
        os.rename(clock + ".new", clock)

    put(0)
    settings = {"LD_PRELOAD": library, "CLOCK_OFFSET": clock, "STT_MODEL_TTL": "300", "REQUEST_TIMEOUT": "120"}
    with Server(folder, settings) as server:
        server.transcribe()
        statuses = []
        for offset in (86_400, -31_536_000, 0):
            results = []
            audio = open(SAMPLE, "rb").read() * 20
            thread = threading.Thread(
                target=lambda: results.append(server.transcribe(audio=audio, vad_filter="false")))
            thread.start()
            time.sleep(0.3)
            put(offset)
            thread.join(90)
            assert results and results[0][0] == 200, f"{offset}: {results}"
            loaded = json.dumps(server.loaded())
            assert NANO in loaded, f"{offset}: unloaded: {loaded}"
            statuses.append(results[0][0])
            assert server.health() == 200
            dated = http.client.HTTPConnection(HOST, server.port, timeout=5)
            dated.request("GET", "/health")
            date = email.utils.parsedate_to_datetime(dated.getresponse().headers["Date"]).timestamp()
            dated.close()
            # Else the clock was not moved, and nothing was tried.
            assert abs(date - time.time() - offset) < 100, f"{offset}: the server says {date - time.time():.0f}"
        assert server.stop() == 0
        log = server.log()
    return f"{statuses}, the model stayed loaded; exit 0; {log.count('ERROR')} errors in the log"


def fault_two_servers_on_one_cache(folder):
    """Both download and convert one model at once into the same folders."""
    repositories = repository(os.path.join(folder, "repositories"))
    shared = {"HF_HUB_CACHE": os.path.join(folder, "hub"), "PARLO_CACHE_DIR": os.path.join(folder, "cache"),
              "AUTO_DOWNLOAD": "true"}
    with Hub(repositories) as hub:
        shared["HF_ENDPOINT"] = hub.endpoint
        homes = [os.path.join(folder, name) for name in ("a", "b")]
        for home in homes:
            os.makedirs(home)
        with Server(homes[0], shared, wait=False) as first, Server(homes[1], shared) as second:
            until(lambda: first.health() == 200, 60, "start")
            answers = []
            threads = [threading.Thread(target=lambda s=s: answers.append(s.transcribe(model="acme/tiny")))
                       for s in (first, second, first, second)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(90)
            assert len(answers) == 4 and all(s == 200 and "miracle" in t for s, t in answers), f"{answers}"
            models = glob.glob(os.path.join(folder, "hub/models--acme--tiny/blobs/*"))
            left = [name for name in models if "incomplete" in name]
            assert not left, f"left: {left}"
            assert first.stop() == 0
            status, text = second.transcribe(model="acme/tiny")
            assert status == 200, f"{status} {text}"
    return "four requests at two servers, all 200; one ended, the other goes on"


def fault_hostile_hub(folder):
    """One that cuts, stalls, lies about sizes, sends other bytes, and answers 500."""
    repositories = repository(os.path.join(folder, "repositories"))
    told = {}
    for fault in ("model.bin=cut@1000", "model.bin=stall@200000", "model.bin=size@100", "model.bin=hash",
                  "=status@500", "config.json=gzip", "model.bin=no-range", "model.bin=no-length"):
        home = os.path.join(folder, fault.replace("=", "-").replace("@", "-"))
        os.makedirs(home)
        with Hub(repositories, fault) as hub, \
                Server(home, {"HF_ENDPOINT": hub.endpoint, "HF_HUB_DOWNLOAD_TIMEOUT": "3"}) as server:
            begin = time.monotonic()
            status, body = server.request("POST", "/v1/models/acme/tiny", seconds=120)
            told[fault] = f"{status} in {time.monotonic() - begin:.0f} s"
            assert status in (200, 502, 503, 504), f"{fault}: {status} {body}"
            listed = "acme/tiny" in server.models()
            assert listed == (status == 200), f"{fault}: {status}, listed: {listed}"
            if status == 200:
                status, text = server.transcribe(model="acme/tiny")
                assert status == 200 and "miracle" in text, f"{fault}: {status} {text}"
            assert server.health() == 200
    return ", ".join(f"{fault}: {answer}" for fault, answer in told.items())


def fault_clients_that_leave(folder):
    """Two hundred that hang up in the middle of what they send or are sent."""
    body, kind = form(open(SAMPLE, "rb").read(), model=NANO, stream="true")
    head = (f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    with Server(folder) as server:
        server.transcribe()
        for i in range(200):
            s = socket.create_connection((HOST, server.port), 5)
            try:
                s.sendall((head + body)[:len(head) + (len(body) * (i % 5 + 1)) // 5])
                if i % 5 == 4 and i % 2:
                    s.settimeout(0.2)
                    s.recv(100)
            except OSError:
                pass
            s.close()
        until(lambda: not server.uploads(), 30, "the uploads removed")
        status, text = server.transcribe()
        assert status == 200, f"{status} {text}"
        until(lambda: '"active_requests":0' in json.dumps(server.loaded()).replace(" ", "")
              or "active" not in json.dumps(server.loaded()), 30, "no request under way")
        assert server.stop() == 0
    return "nothing left, then 200, exit 0"


def fault_cancel_on_disconnect(folder):
    """The connection is closed while a long recording is transcribed: how long until nothing runs any more."""
    body, kind = form(open(SAMPLE, "rb").read() * 100, model=NANO, vad_filter="false")
    head = (f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    times = []
    with Server(folder, {"METRICS": "open"}) as server:
        server.transcribe()

        def leased():
            text = server.request("GET", "/metrics")[1]
            return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith("parlo_model_queue_requests{"))

        for _ in range(20):
            s = socket.create_connection((HOST, server.port), 5)
            s.sendall(head + body)
            until(leased, 10, "the request under way")
            time.sleep(0.2)
            s.close()
            begin = time.monotonic()
            until(lambda: not leased(), 10, "the place given back")
            times.append(time.monotonic() - begin)
        assert server.stop() == 0
    times.sort()
    assert times[-1] < 3, f"{times}"
    return f"the place is back after {times[10] * 1000:.0f} ms (median of 20), {times[-1] * 1000:.0f} ms at most"


def fault_hostile_collector(folder):
    """One of traces that never answers, breaks off, answers without an end, or asks to wait for a day."""
    import http.server
    asked = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def log_message(self, *unused):
            pass

        def do_POST(self):
            asked.append(self.path)
            kind = len(asked) % 5
            if kind == 0:
                time.sleep(60)
            elif kind == 1:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
            elif kind == 2:
                self.wfile.write(b"HTTP/1.1 429 x\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n")
            elif kind == 3:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    for _ in range(100):
                        self.wfile.write(bytes(1 << 20))
                except OSError:
                    pass
            else:
                self.wfile.write(os.urandom(1000))

    collector = http.server.ThreadingHTTPServer((HOST, 0), Collector)
    collector.daemon_threads = True
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{HOST}:{collector.server_port}", "OTEL_BSP_SCHEDULE_DELAY": "200",
                "OTEL_METRIC_EXPORT_INTERVAL": "500"}
    try:
        with Server(folder, settings) as server:
            server.transcribe()
            times = []
            for _ in range(40):
                begin = time.monotonic()
                status, said = server.transcribe(clip_timestamps="0,1")
                times.append(time.monotonic() - begin)
                assert status == 200, f"{status} {said}"
            until(lambda: len(asked) >= 4, 30, "four calls of the collector")
            resident = server.status("VmRSS") >> 10
            assert server.health() == 200
            begin = time.monotonic()
            code = server.stop()
            took = time.monotonic() - begin
            assert code == 0 and took < 30, f"exit {code} after {took:.0f} s"
    finally:
        collector.shutdown()
    times.sort()
    return (f"{len(asked)} calls; 40 requests answered, {times[20]:.2f} s in the middle, {times[-1]:.2f} at most; {resident} MB; "
            f"exit 0 after {took:.1f} s")
