"""A client that holds a WebSocket of the Realtime API through the gateway and asks something every half second:
conversation.py PORT MODEL SECONDS FOLDER. It comes back when a server says that it goes (close 1001) or dies. Writes
"phase socket 200 0 server" for each answer into FOLDER/answers, and what it missed into FOLDER/lost, as try does for requests."""

import base64, json, os, socket, struct, sys, time

port, model, seconds, folder = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4]
end = time.monotonic() + seconds


class Gone(Exception):
    """The connection ended; the close code, or 0 where there was none."""


def write(file, line):
    with open(os.path.join(folder, file), "a") as out:
        out.write(line + "\n")


def phase():
    with open(os.path.join(folder, "phase")) as file:
        return file.read()


class Socket:
    def __init__(self):
        self.plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.file = self.plain.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.plain.sendall(
            f"GET /v1/realtime?model={model}&intent=transcription HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.status = int((self.file.readline().split() + [b"0", b"0"])[1])
        self.server = "-"
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            if name.lower() == "x-served-by":
                self.server = value.strip()

    def exactly(self, count):
        data = self.file.read(count)
        if len(data) < count:
            raise Gone(0)
        return data

    def next(self):
        """The next text; pings are left to time."""
        while True:
            first, second = self.exactly(2)
            size = second & 127
            if size == 126:
                size, = struct.unpack(">H", self.exactly(2))
            elif size == 127:
                size, = struct.unpack(">Q", self.exactly(8))
            body = self.exactly(size)
            if first & 15 == 8:
                raise Gone(struct.unpack(">H", body[:2])[0] if size >= 2 else 0)
            if first & 15 == 1:
                return json.loads(body)

    def send(self, event):
        body = json.dumps(event).encode()
        mask = os.urandom(4)
        head = struct.pack(">BBH", 0x81, 0xFE, len(body)) if len(body) > 125 else struct.pack(">BB", 0x81, 0x80 | len(body))
        self.plain.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(body)))


while time.monotonic() < end:
    now = phase()
    try:
        client = Socket()
        if client.status != 101:
            write("answers", f"{now} socket {client.status} 0 {client.server}")
            write("lost", f"socket {model}: refused with {client.status}")
            time.sleep(0.2)
            continue
        try:
            client.next()
            while time.monotonic() < end:
                now = phase()
                client.send({"type": "input_audio_buffer.clear"})
                kind = client.next()["type"]
                right = kind == "input_audio_buffer.cleared"
                write("answers", f"{now} socket {200 if right else kind} 0 {client.server}")
                time.sleep(0.5)
        except Gone as gone:
            # Told to go, as the protocol has it; without that only when the server was killed.
            code = gone.args[0]
            write("closes", f"{now} {client.server} {code}")
            if code != 1001 and not now.startswith("kill"):
                write("answers", f"{now} socket close-{code} 0 {client.server}")
                write("lost", f"socket {model} at {client.server}: closed with {code}")
    except OSError as broken:
        if not now.startswith("kill"):
            write("answers", f"{now} socket broken 0 -")
            write("lost", f"socket {model}: {broken}")
        time.sleep(0.2)
