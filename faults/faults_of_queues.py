"""RunPod's queue as it should not be."""
import http.server
import json
import threading
import time

from server import HOST, Server, until


def job(name, **given):
    return json.dumps({"id": name, "input": given}).encode()


def fault_hostile_queue(folder):
    """One that answers nonsense, nothing, too much and too late, and jobs that are none; then a good job is done."""
    answers = [
        (200, b"{"), (200, b"[]"), (200, b'[1,{"id":5},{"id":"","input":{}},null]'), (500, b"x"), (429, b""), (204, b""),
        (302, b""), (200, b"cut"), (200, b"huge"), (200, b"late"),
        (200, job("a", path=5)), (200, job("b", method="TRACE")), (200, job("c", path="//169.254.169.254/")),
        (200, job("d", path="/x", headers={"a\n": "b"})), (200, job("e", path="/x", headers={"a": {}, "\u0130": "\r"})),
        (200, job("f", path="/v1/audio/transcriptions", method="POST", file_base64="%%%", body={"model": {}})),
        (200, job("g", path="/v1/audio/transcriptions", method="POST", file_url="http://127.0.0.1:1/", body={})),
        (200, job("h\n\u0130 /../#?", path="/health")), (200, json.dumps({"id": "i", "input": [[[]]]}).encode()),
        (200, job("good", path="/health")), (200, job("good", path="/health")),
    ]
    results, lock = {}, threading.Lock()

    class Queue(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *unused):
            pass

        def answer(self, status, body):
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "file:///etc/passwd")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body and status != 204:
                self.wfile.write(body)

        def do_GET(self):
            if "/job-take/" not in self.path:
                return self.answer(404, b"")
            with lock:
                status, body = answers.pop(0) if answers else (204, b"")
            if body == b"cut":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
                self.close_connection = True
            elif body == b"huge":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                try:
                    for _ in range(200):
                        self.wfile.write(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")
                except OSError:
                    pass
                self.close_connection = True
            else:
                time.sleep(3 if body == b"late" else 0 if answers else 0.3)
                self.answer(status, body)

        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            name = self.path.split("/done/")[-1].split("?")[0]
            with lock:
                seen = results.setdefault(name, [])
                seen.append(json.loads(sent))
            # The first result of each job is not taken.
            self.answer(500 if len(seen) == 1 else 200, b"{}")

    queue = http.server.ThreadingHTTPServer((HOST, 0), Queue)
    threading.Thread(target=queue.serve_forever, daemon=True).start()
    base = f"http://{HOST}:{queue.server_port}"
    settings = {"RUNPOD_WEBHOOK_GET_JOB": f"{base}/job-take/$ID", "RUNPOD_WEBHOOK_POST_OUTPUT": f"{base}/done/$ID",
                "RUNPOD_WEBHOOK_POST_STREAM": f"{base}/part/$ID", "RUNPOD_AI_API_KEY": "k", "RUNPOD_POD_ID": "pod"}
    try:
        with Server(folder, settings, command="runpod", wait=False) as server:
            until(lambda: len(results.get("good", [])) >= 2 or not server.alive(), 120, "the good job done")
            assert server.alive(), "it ended:\n" + server.log()[-2000:]
            assert "output" in results["good"][-1], f"{results['good']}"
            refused = {name: sent[-1] for name, sent in results.items() if name != "good"}
            for name in "abcdefg":
                assert "error" in refused.get(name, {}), f"{name}: {refused.get(name)}"
            resident = server.status("VmRSS") >> 10
            assert server.stop() == 0
            assert "\tat " not in server.log(), "a stack trace:\n" + server.log()[-2000:]
    finally:
        queue.shutdown()
    return f"{len(refused)} bad jobs failed with a sentence, the good one is done; {resident} MB; exit 0"
