"""A language model that answers what it likes: the chat and its spoken answers must end, and never by an internal error."""
import http.server
import json
import random
import threading

from faults_of_clients import Clients, text
from server import HOST, Server, until

NUMBERS = [None, True, 0, -1, 99999999999999999999, 1e308, "x", "", [], {}, [{}], {"a": []}]


def chunk(**delta):
    return json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": random.choice(NUMBERS)}],
                       "usage": random.choice(NUMBERS)})


def odd():
    """One thing in a chunk or an answer that is of another kind than it should be."""
    value = random.choice(NUMBERS)
    return random.choice([
        {"choices": value}, {"choices": [value]}, {"choices": [{"delta": value}]}, {"choices": [{"message": value}]},
        {"choices": [{"delta": {"content": value}}]}, {"choices": [{"message": {"content": value}}]},
        {"choices": [{"delta": {"tool_calls": value}}]}, {"choices": [{"delta": {"tool_calls": [value]}}]},
        {"choices": [{"delta": {"tool_calls": [{"index": value, "id": value, "function": value}]}}]},
        {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"name": value, "arguments": value}}]}}]},
        {"error": value}, {"error": {"message": value, "type": value, "code": value, "param": value}}, value])


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *unused):
        pass

    def do_GET(self):
        self.send_response(404)
        self.end_headers()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = random.randrange(9)
        self.send_response(random.choice([200] * 8 + [400, 401, 429, 500, 302, 204]))
        self.send_header("Content-Type", random.choice(["text/event-stream", "application/json", "text/html"]))
        if kind == 8:
            self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            if kind < 3:
                self.wfile.write(json.dumps(odd()).encode())
            elif kind < 6:
                for _ in range(random.randrange(20)):
                    data = random.choice([json.dumps(odd()), chunk(content="Some words. "), chunk(content="Hello"), "{", ""])
                    self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.write(b"data: [DONE]\n\n")
            elif kind == 6:
                self.wfile.write(b"data: " + b"x" * 3_000_000)
            elif kind == 7:
                for _ in range(3000):
                    self.wfile.write(f"data: {chunk(content='word ')}\n\n".encode())
            else:
                self.wfile.write(b'data: {"choices":')
        except OSError:
            pass


def fault_hostile_language_model(folder):
    model = http.server.ThreadingHTTPServer((HOST, 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    settings = {"CHAT_COMPLETION_BASE_URL": f"http://{HOST}:{model.server_port}/v1", "API_KEY": "secret"}
    try:
        with Server(folder, settings) as server:
            clients = Clients(server, 0, 25)
            clients.passed_on = True

            def loop():
                while not clients.over() and server.alive():
                    if random.random() < 0.7:
                        body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": random.random() < 0.5}
                        if random.random() < 0.6:
                            body.update(modalities=["text", "audio"], speech_model="espeak-ng/espeak-ng", audio={
                                "voice": "en-us", "format": "pcm16" if body["stream"] else "wav"})
                        clients.post("chat", "/v1/chat/completions", json.dumps(body), wait=20)
                    else:
                        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}
                        clients.socket("realtime", "/v1/realtime?model=m", [
                            text({"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}}),
                            text({"type": "conversation.item.create", "item": item}), text({"type": "response.create"})], 1.5)

            threads = [threading.Thread(target=loop) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(90)
            assert server.alive(), "it ended:\n" + server.log()[-2000:]
            assert not clients.broken, f"{len(clients.broken)}, such as {clients.broken[0]}"
            until(lambda: server.health() == 200, 30, "health afterwards")
            resident = server.status("VmRSS") >> 10
            assert server.stop() == 0
            assert "Unexpected failure" not in server.log(), server.log()[server.log().index("Unexpected failure"):][:2000]
    finally:
        model.shutdown()
    return f"{clients.seen}; {resident} MB, exit 0"
