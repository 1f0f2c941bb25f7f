"""Descriptors, threads and memory that run out: some are refused, none is lost, and the server goes on."""
import http.client
import json
import os
import socket
import subprocess
import time

from server import HOST, NANO, SAMPLE, Server, form, until


def fault_descriptors_exhausted(folder):
    """300 connections that say nothing, where 256 descriptors are allowed and no fewer connections."""
    before = ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh"]
    with Server(folder, {"MAX_CONNECTIONS": "1000"}, before=before) as server:
        server.transcribe()
        body, kind = form(open(SAMPLE, "rb").read(), model=NANO)
        kept = http.client.HTTPConnection(HOST, server.port, timeout=30)
        kept.request("GET", "/health")
        kept.getresponse().read()
        idle = []
        for _ in range(300):
            s = socket.socket()
            s.settimeout(0.1)
            try:
                s.connect((HOST, server.port))
            except OSError:
                s.close()
                continue
            idle.append(s)
        assert server.alive(), "it ended"
        # On a connection that is there already: the file of its upload cannot be opened.
        kept.request("POST", "/v1/audio/transcriptions", body, {"Content-Type": kind})
        during = kept.getresponse().status
        assert during in (200, 503, 507), f"{during} meanwhile"
        for s in idle:
            s.close()
        until(lambda: server.health() == 200, 30, "health after the connections are gone")
        status, body = server.transcribe()
        assert status == 200 and "miracle" in body, f"then: {status} {body}"
        assert server.stop() == 0
    return f"a request among them: {during}; after them 200, exit 0"


def fault_threads_exhausted(folder):
    """No more threads may be started than run now (pids.max of a control group)."""
    group = "/sys/fs/cgroup/pids/parlo-fault-%d" % os.getpid()
    if not os.path.isdir("/sys/fs/cgroup/pids"):
        group = "/sys/fs/cgroup/parlo-fault-%d" % os.getpid()
    os.makedirs(group)
    try:
        with Server(folder) as server:
            server.transcribe()
            with open(os.path.join(group, "cgroup.procs"), "w") as f:
                f.write(str(server.pid()))
            with open(os.path.join(group, "pids.max"), "w") as f:
                f.write(str(server.status("Threads") + 1))
            during = [server.transcribe(seconds=20)[0] for _ in range(3)]
            speech = server.json("/v1/audio/speech", {"model": "espeak-ng/espeak-ng", "voice": "en-us",
                                                      "input": "Hello.", "response_format": "wav"}, 20)[0]
            load = server.request("POST", "/api/ps/espeak-ng/espeak-ng", seconds=20)[0]
            assert server.alive(), "it ended:\n" + server.log()[-1500:]
            assert set(during) | {speech, load} <= {200, 201, 503}, f"meanwhile {during}, speech {speech}, load {load}"
            with open(os.path.join(group, "pids.max"), "w") as f:
                f.write("max")
            until(lambda: server.health() == 200, 30, "health when threads may be started again")
            status, body = server.transcribe()
            assert status == 200 and "miracle" in body, f"then: {status} {body}"
            speech_after = server.json("/v1/audio/speech", {"model": "espeak-ng/espeak-ng", "voice": "en-us",
                                                            "input": "Hello.", "response_format": "wav"})[0]
            assert speech_after == 200, f"speech then: {speech_after}"
            assert server.stop() == 0
    finally:
        until(lambda: not open(os.path.join(group, "cgroup.procs")).read(), 10, "the group to be empty")
        os.rmdir(group)
    return f"transcriptions meanwhile {during}, speech {speech}, load {load}; after it all 200, exit 0"


def fault_budget_too_small(folder):
    """A model beyond MODEL_MEMORY_BUDGET is refused before it is loaded."""
    with Server(folder, {"MODEL_MEMORY_BUDGET": "5000000"}) as server:
        status, body = server.transcribe()
        assert status == 507 and json.loads(body)["error"]["code"] == "model_too_large", f"{status} {body}"
        assert server.json("/v1/audio/speech", {"model": "espeak-ng/espeak-ng", "voice": "en-us", "input": "a"})[0] \
            in (200, 507)
        assert server.health() == 200
    return "507 model_too_large, health 200"


def fault_memory_exhausted_while_loading(folder):
    """The system gives no more memory than the process has now (and 24 MB), when a model is loaded."""
    with Server(folder) as server:
        server.transcribe(clip_timestamps="0,1")
        assert server.request("DELETE", f"/api/ps/{NANO}")[0] in (200, 204)
        time.sleep(1)
        now = server.status("VmSize") << 10
        subprocess.run(["prlimit", "--pid", str(server.pid()), f"--as={now + (24 << 20)}:unlimited"], check=True)
        status, body = server.transcribe()
        assert server.alive(), "it ended:\n" + server.log()[-1500:]
        health = server.health()
        subprocess.run(["prlimit", "--pid", str(server.pid()), "--as=unlimited:unlimited"], check=True)
        assert status in (503, 507) or status == 200, f"{status} {body}"
        assert health == 200, f"health {health} meanwhile"
        again, text = server.transcribe()
        assert again == 200 and "miracle" in text, f"with memory: {again} {text}"
        assert server.stop() == 0
    assert status == 507, f"it answered {status}: {body}"
    return f"{status} {body[:120]}; 200 with memory"


def fault_heap_exhausted(folder):
    """A hundred and fifty requests that hold 900 kB each, where the heap has 96 MB."""
    text = json.dumps({"model": "espeak-ng/espeak-ng", "input": "x" * 900_000}).encode()
    with Server(folder, java_options=["-Xmx96m"]) as server:
        sockets = []
        told = {}
        for _ in range(150):
            s = socket.create_connection((HOST, server.port), 5)
            s.settimeout(5)
            try:
                s.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                          b"Content-Length: %d\r\n\r\n" % len(text) + text[:-1])
            except OSError:
                pass
            sockets.append(s)
        time.sleep(1)
        assert server.alive(), "it ended:\n" + server.log()[-1500:]
        for s in sockets:
            try:
                s.settimeout(0.2)
                answer = s.recv(64)[9:12].decode()
            except OSError:
                answer = "held"
            told[answer] = told.get(answer, 0) + 1
            s.close()
        status, body = server.transcribe()
        assert status == 200, f"then: {status} {body}"
    return f"{told}; then 200"
