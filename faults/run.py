"""Faults of a machine, one after another, against servers that are started for them: `make faults [FAULT=name]`.

Each prints one line: what was done, and "held" or "BROKEN". All of it is on this machine and ends by itself. Disks and
limits of processes take root; where something is not allowed here, the line says "not run", and why.
"""
import inspect
import os
import shutil
import subprocess
import sys
import threading
import time

import faults_of_clients
import faults_of_disks
import faults_of_kills
import faults_of_language_models
import faults_of_limits
import faults_of_others
import faults_of_queues
from server import temporary

MODULES = (faults_of_clients, faults_of_kills, faults_of_disks, faults_of_limits, faults_of_others,
           faults_of_queues, faults_of_language_models)



def all_faults():
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and name.startswith("fault_"):
                yield name.removeprefix("fault_").replace("_", "-"), function


def run(name, function):
    folder = temporary()
    begin = time.monotonic()
    verdict, seen = "held", ""
    # A fault that hangs is broken as well: everything that it started has its own, shorter waits.
    watchdog = threading.Timer(300, lambda: os._exit(3))
    watchdog.daemon = True
    watchdog.start()
    try:
        seen = function(folder)
    except AssertionError as broken:
        verdict, seen = "BROKEN", str(broken)
    except (PermissionError, FileNotFoundError, subprocess.CalledProcessError) as impossible:
        verdict, seen = "not run", str(impossible)
    finally:
        watchdog.cancel()
    print(f"{verdict:8} {name:28} {time.monotonic() - begin:5.0f} s  {' '.join(seen.split())[:400]}", flush=True)
    if verdict == "BROKEN":
        print(f"         its files: {folder}", flush=True)
    else:
        os.environ.get("FAULTS_KEEP") or shutil.rmtree(folder, ignore_errors=True)
    return verdict != "BROKEN"


def main():
    wanted = sys.argv[1:]
    known = dict(all_faults())
    unknown = [name for name in wanted if name not in known]
    if unknown or wanted == ["--help"]:
        sys.exit("faults: " + " ".join(known))
    results = [run(name, function) for name, function in known.items() if not wanted or name in wanted]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
