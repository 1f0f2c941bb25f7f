"""kill -9 and SIGTERM at the worst moments: what is started again must be whole, and nothing half done is served."""
import filecmp
import glob
import os
import threading
import time

from server import SAMPLE, Hub, Server, repository, until


def background(action):
    results = []
    thread = threading.Thread(target=lambda: results.append(action()), daemon=True)
    thread.start()
    return thread, results


def bytes_below(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


def fault_kill_during_download(folder):
    """Killed in the middle of 9 MB; the next one must not list it, go on where it was, and end with the same file."""
    repositories = repository(os.path.join(folder, "repositories"))
    with Hub(repositories, "model.bin=throttle@400000") as hub:
        with Server(folder, {"HF_ENDPOINT": hub.endpoint}) as server:
            background(lambda: server.request("POST", "/v1/models/acme/tiny"))
            until(lambda: bytes_below(os.path.join(folder, "hub")) > 1_000_000, 60, "a megabyte")
            server.kill()
        had = bytes_below(os.path.join(folder, "hub"))
    with Hub(repositories) as hub, Server(folder, {"HF_ENDPOINT": hub.endpoint}) as server:
        assert "acme/tiny" not in server.models(), "half a model is listed"
        status, body = server.transcribe(model="acme/tiny")
        assert status == 404, f"half a model is served: {status} {body}"
        status, body = server.request("POST", "/v1/models/acme/tiny")
        assert status == 200, f"{status} {body}"
        (file,) = glob.glob(os.path.join(folder, "hub/models--acme--tiny/snapshots/*/model.bin"))
        assert filecmp.cmp(file, os.path.join(repositories, "acme/tiny/model.bin"), shallow=False), "other bytes"
        status, body = server.transcribe(model="acme/tiny")
        assert status == 200 and body.strip(), f"{status} {body}"
        parts = [name for name in glob.glob(os.path.join(folder, "hub/**/*"), recursive=True) if "incomplete" in name]
        assert not parts, f"left: {parts}"
    return f"killed with {had >> 10} kB on disk: not listed, 404; then whole, and transcribes"


def fault_kill_during_conversion(folder):
    """Killed while weights are converted, by a server that interprets only; the next one converts anew."""
    with Server(folder, java_options=["-Xint"]) as server:
        background(lambda: server.transcribe(seconds=120))
        part = until(lambda: glob.glob(os.path.join(folder, "cache/**/*.part*"), recursive=True), 90, "a conversion")
        server.kill()
    with Server(folder) as server:
        status, body = server.transcribe()
        assert status == 200 and "miracle" in body, f"{status} {body}"
        left = glob.glob(os.path.join(folder, "cache/**/*.part*"), recursive=True)
        assert not left, f"left: {left}"
    return f"killed beside {os.path.basename(part[0])}: converted anew, nothing left"


def fault_kill_during_inference(folder):
    """Killed while it transcribes minutes of speech; the next one removes the upload and answers."""
    audio = open(SAMPLE, "rb").read() * 100
    with Server(folder) as server:
        server.transcribe()
        background(lambda: server.transcribe(audio=audio, vad_filter="false"))
        until(server.uploads, 30, "an upload")
        time.sleep(2)
        server.kill()
        assert server.uploads(), "the upload is gone before the next start"
    with Server(folder) as server:
        until(lambda: not server.uploads(), 20, "the upload removed")
        status, body = server.transcribe()
        assert status == 200 and "miracle" in body, f"{status} {body}"
    return "upload removed at the next start, and it transcribes"


def fault_term_in_the_middle_of_everything(folder):
    """SIGTERM while it downloads, loads, transcribes, speaks and takes an upload: exit 0, in time, nothing left."""
    repositories = repository(os.path.join(folder, "repositories"))
    with Hub(repositories, "model.bin=throttle@100000") as hub:
        settings = {"HF_ENDPOINT": hub.endpoint, "SHUTDOWN_TIMEOUT": "3"}
        with Server(folder, settings) as server:
            server.transcribe()
            audio = open(SAMPLE, "rb").read() * 100
            work = [
                background(lambda: server.request("POST", "/v1/models/acme/tiny")),
                background(lambda: server.transcribe(audio=audio, vad_filter="false")),
                background(lambda: server.transcribe(audio=audio, vad_filter="false", stream="true")),
                background(lambda: server.json("/v1/audio/speech", {
                    "model": "espeak-ng/espeak-ng", "voice": "en-us", "input": "Some words. " * 3_000,
                    "response_format": "pcm"})),
            ]
            time.sleep(2)
            begin = time.monotonic()
            code = server.stop()
            took = time.monotonic() - begin
            assert code == 0, f"exit status {code}"
            assert took < 30, f"took {took:.0f} s"
            left = server.uploads()
            assert not left, f"left: {left}"
            log = server.log()
            assert "\tat " not in log, "a stack trace in the log"
            for thread, _ in work:
                thread.join(10)
            statuses = [results[0][0] for _, results in work if results]
            assert len(statuses) == len(work), "a client still waits"
    return f"exit 0 after {took:.1f} s; clients saw {statuses}"
