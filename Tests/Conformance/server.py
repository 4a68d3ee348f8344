# SPDX-License-Identifier: Apache-2.0
"""A server on loopback, ended with the tests that began it."""
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SWIFTLET", str(PROJECT / ".build/release/swiftlet"))


class ModelServer:
    """`swiftlet serve` on a port that is free, and another one for gRPC. What it logs is in `log`."""

    def __init__(self, *arguments, environment=None):
        self._log = tempfile.NamedTemporaryFile("a")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", *map(str, arguments), "--port", "0", "--grpc-port", "0"], cwd=PROJECT, stdout=subprocess.PIPE,
            stderr=self._log, text=True, env=os.environ | (environment or {}))
        # The first line tells the address. A server that says nothing in time is ended, which ends the line.
        watchdog = threading.Timer(20, self.process.kill)
        watchdog.start()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        grpc = re.search(r"gRPC at 127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        watchdog.cancel()
        if not found or not grpc:
            self.end()
            raise AssertionError(f"the server did not start: {self.log}")
        self.port = int(found[1])
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self.grpc = f"127.0.0.1:{grpc[1]}"
        # Nobody reads the rest of the greeting, and a full pipe would stop whoever writes it.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @property
    def log(self) -> str:
        # By a file of its own: the server writes at the place of the one that it was given.
        return Path(self._log.name).read_text()

    @property
    def resident_bytes(self) -> int:
        """The memory it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def tell_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        if self.is_running:
            self.process.kill()
        self.process.wait(timeout=10)


def swiftlet(*arguments, text=None) -> str:
    """What a command of the program prints."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=PROJECT, input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_until(condition, what: str, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited for {what}")
