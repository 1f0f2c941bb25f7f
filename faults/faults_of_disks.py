"""Full disks: 507, nothing half written is kept, and the same request succeeds when there is room again."""
import glob
import os
import shutil

from server import NANO, ROOT, Disk, Hub, Server, repository, wav


def fault_full_disk_at_upload(folder):
    with Disk(os.path.join(folder, "tmp"), 8) as disk, Server(folder) as server:
        server.transcribe()
        status, body = server.transcribe(audio=wav(600))
        assert status == 507, f"{status} {body}"
        assert folder not in body, f"a path is told: {body}"
        assert not server.uploads(), f"left: {server.uploads()}"
        status, body = server.transcribe()
        assert status == 200 and "miracle" in body, f"then: {status} {body}"
        disk.grow(64)
        again, body = server.transcribe(audio=wav(600), clip_timestamps="0,1")
        assert again == 200, f"with room: {again} {body}"
    return "19 MB on a disk of 8: 507 without a path, nothing left; others are served; 200 with room"


def fault_full_disk_at_download(folder):
    repositories = repository(os.path.join(folder, "repositories"))
    with Disk(os.path.join(folder, "hub"), 16) as disk, Hub(repositories) as hub, \
            Server(folder, {"HF_ENDPOINT": hub.endpoint}) as server:
        filler = disk.fill(3 << 20)
        first, body = server.request("POST", "/v1/models/acme/tiny")
        assert first == 507, f"{first} {body}"
        large = [f for f in glob.glob(os.path.join(folder, "hub/**/*"), recursive=True)
                 if os.path.isfile(f) and f != filler and os.path.getsize(f) > 1 << 20]
        assert not large, f"left: {large}"
        assert "acme/tiny" not in server.models(), "it is listed"
        os.remove(filler)
        again, body = server.request("POST", "/v1/models/acme/tiny")
        assert again == 200, f"with room: {again} {body}"
        status, body = server.transcribe(model="acme/tiny")
        assert status == 200, f"then: {status} {body}"
    return "3 MB free for 9: 507, nothing left, not listed; 200 with room, and it transcribes"


def fault_disk_that_fills_during_download(folder):
    """There is room when it begins; then somebody else takes it."""
    import threading
    repositories = repository(os.path.join(folder, "repositories"))
    with Disk(os.path.join(folder, "hub"), 16) as disk, Hub(repositories, "model.bin=throttle@300000") as hub, \
            Server(folder, {"HF_ENDPOINT": hub.endpoint}) as server:
        answers = []
        thread = threading.Thread(target=lambda: answers.append(server.request("POST", "/v1/models/acme/tiny")))
        thread.start()
        while disk.free() > 14 << 20 and thread.is_alive():
            thread.join(0.1)
        filler = disk.fill(1 << 20)
        thread.join(90)
        assert answers and answers[0][0] == 507, f"{answers}"
        assert "acme/tiny" not in server.models(), "it is listed"
        assert server.health() == 200
        os.remove(filler)
    with Hub(repositories) as hub:
        pass
    return f"{answers[0][0]}, not listed, alive"


def fault_full_disk_at_conversion(folder):
    """The cache, and the temporary files that it falls back to, are full when a model is converted."""
    with Disk(os.path.join(folder, "cache"), 300) as disk:
        temporary = os.path.join(folder, "cache", "tmp")
        with Server(folder, {"PARLO_TMP_DIR": temporary, "TMPDIR": temporary},
                    java_options=[f"-Djava.io.tmpdir={temporary}"]) as server:
            status, body = server.transcribe()  # unpacks the native libraries
            assert status == 200, f"{status} {body}"
            models = os.path.join(folder, "models")
            shutil.copytree(os.path.join(ROOT, "models", NANO), os.path.join(models, "acme/other"))
            filler = disk.fill(2 << 20)
            status, body = server.transcribe(model="acme/other")
            assert status == 507, f"{status} {body}"
            assert folder not in body, f"a path is told: {body}"
            left = glob.glob(os.path.join(folder, "cache/**/*.part*"), recursive=True)
            assert not left, f"left: {left}"
            known, body = server.transcribe()
            assert known == 200, f"the model that is loaded: {known} {body}"
            os.remove(filler)
            again, body = server.transcribe(model="acme/other")
            assert again == 200 and "miracle" in body, f"with room: {again} {body}"
    return "507 without a path, nothing left; the loaded model goes on; 200 with room"


def fault_full_disk_of_the_log(folder):
    with Disk(os.path.join(folder, "logs"), 1) as disk, \
            Server(folder, log=os.path.join(folder, "logs", "server.log")) as server:
        server.transcribe()
        disk.fill(0)
        statuses = {server.transcribe()[0] for _ in range(10)} | {server.health() for _ in range(50)}
        assert statuses == {200}, f"{statuses}"
        code = server.stop()
        assert code == 0, f"exit status {code}"
    return "60 requests answered 200 while nothing could be logged; exit 0"
