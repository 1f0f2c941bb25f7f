"""A server in a process of its own, on this machine only, and what its clients send."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOST = "127.0.0.1"
NANO = "parlo/whisper-nano.en"
SAMPLE = os.path.join(ROOT, "samples", "a-miracle.flac")


def java():
    return os.path.join(os.environ["JAVA_HOME"], "bin", "java")


def free_port():
    with socket.socket() as s:
        s.bind((HOST, 0))
        return s.getsockname()[1]


def until(condition, seconds, what):
    """Waits for something; an AssertionError where it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


class Server:
    """`with Server(folder) as server:` starts it and ends it whatever happens."""

    def __init__(self, folder, settings=None, java_options=(), before=(), log=None, wait=True, command="serve"):
        self.folder = folder
        self.port = free_port()
        self.log_path = log or os.path.join(folder, "server.log")
        environment = {k: v for k, v in os.environ.items() if k not in ("API_KEY", "JAVA_TOOL_OPTIONS")}
        places = {
            "HF_HUB_CACHE": "hub",
            "HF_HOME": "hf",
            "PARLO_CACHE_DIR": "cache",
            "PARLO_TMP_DIR": "tmp",
            "MODELS_PATH": "models",
        }
        environment.update({name: os.path.join(folder, place) for name, place in places.items()})
        environment.update(UVICORN_HOST=HOST, UVICORN_PORT=str(self.port), PORT_HEALTH=str(self.port))
        environment.update(settings or {})
        for name in ("PARLO_TMP_DIR", "MODELS_PATH"):
            os.makedirs(environment[name], exist_ok=True)
        self.environment = environment
        self.out = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [*before, java(), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *java_options,
             "-XX:+ExitOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash", f"-XX:ErrorFile={folder}/hs_err.log",
             "--enable-native-access=ALL-UNNAMED", f"-Dparlo.home={ROOT}", "-Dlogback.configurationFile=logback.xml",
             "-cp", os.environ["FAULTS_CLASSPATH"], "dev.parlo.server.Main", command],
            env=environment, stdout=self.out, stderr=self.out, stdin=subprocess.DEVNULL, start_new_session=True)
        if wait:
            try:
                until(lambda: self.health() == 200 or self.process.poll() is not None, 120, "start")
                assert self.alive(), "the server does not start:\n" + self.log()[-2000:]
            except BaseException:
                self.kill()
                raise

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.kill()
        self.out.close()

    def alive(self):
        return self.process.poll() is None

    def pid(self):
        """Of Java, behind programs that start it."""
        return self.process.pid

    def kill(self):
        if self.alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self, seconds=60):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it does not end within {seconds} s of SIGTERM")

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def status(self, field):
        with open(f"/proc/{self.pid()}/status") as f:
            return int(next(line for line in f if line.startswith(field + ":")).split()[1])

    def request(self, method, path, body=None, headers=None, seconds=60):
        """(status, body); (0, reason) where the connection fails."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=seconds)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(1 << 20).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as failure:
            return 0, type(failure).__name__
        finally:
            connection.close()

    def health(self):
        return self.request("GET", "/health", seconds=10)[0]

    def json(self, path, value, seconds=60):
        return self.request("POST", path, json.dumps(value), {"Content-Type": "application/json"}, seconds)

    def transcribe(self, model=NANO, audio=None, seconds=60, **fields):
        body, kind = form(audio or open(SAMPLE, "rb").read(), model=model, response_format="text", **fields)
        return self.request("POST", "/v1/audio/transcriptions", body, {"Content-Type": kind}, seconds)

    def models(self):
        return [model["id"] for model in json.loads(self.request("GET", "/v1/models")[1])["data"]]

    def loaded(self):
        return json.loads(self.request("GET", "/api/ps")[1])

    def uploads(self):
        """Files of uploads that lie around."""
        found = []
        for folder, _, files in os.walk(self.environment["PARLO_TMP_DIR"]):
            found += [os.path.join(folder, name) for name in files if "upload" in folder or "upload" in name]
        return [file for file in found if os.path.getsize(file) > 0]


def form(audio, **fields):
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields.items()]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode())
    return b"".join(parts) + audio + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def wav(seconds):
    """Silence with a click each second, 16 kHz."""
    samples = bytearray(32_000 * seconds)
    for at in range(0, len(samples), 32_000):
        samples[at:at + 2] = b"\xff\x3f"
    size = len(samples).to_bytes(4, "little")
    return (b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0"
            b"\2\0\x10\0data" + size + bytes(samples))


class Hub:
    """The tests' Hub over a folder, with its faults (`make test-hub`)."""

    def __init__(self, folder, *faults):
        self.port = free_port()
        command = [java(), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", os.environ["FAULTS_CLASSPATH"],
                   "dev.parlo.registry.TestHub", folder, "--port", str(self.port)]
        for fault in faults:
            command += ["--fault", fault]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.endpoint = self.process.stdout.readline().split()[0].split("=", 1)[1]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait(30)


def repository(folder, name="acme/tiny"):
    """A folder of a Hub with a model that can be transcribed with."""
    target = os.path.join(folder, name)
    shutil.copytree(os.path.join(ROOT, "models", NANO), target)
    return folder


class Disk:
    """A small disk of its own: a tmpfs, which takes root."""

    def __init__(self, folder, megabytes):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        subprocess.run(["umount", "-l", self.folder], check=False)

    def grow(self, megabytes):
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.folder], check=True)

    def free(self):
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize

    def fill(self, leave):
        """Takes all but so many bytes; the file that does."""
        filler = os.path.join(self.folder, "filler")
        with open(filler, "wb") as f:
            left = self.free() - leave
            while left > 0:
                f.write(bytes(min(left, 1 << 20)))
                left -= 1 << 20
        return filler


def temporary():
    return tempfile.mkdtemp(prefix="parlo-fault-")
