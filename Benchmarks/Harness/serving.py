# SPDX-License-Identifier: Apache-2.0
"""Servers: how many requests a second they answer, and how long the slowest hundredth waits.

wrk asks one server and then the other, from the same machine: 64 connections, one thread. Before it does, both answer
the same request, and the answers are compared.
"""
import json
import socket
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from contenders import ROOT, environment, wait_for_quiet

CONNECTIONS, SECONDS = 64, 5

# wrk's own summary is for people; this prints what is counted, and all kinds of errors together.
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[{body}]]
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("\\n%d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass
class Load:
    """What a turn of wrk found."""

    rate: float  # requests a second
    slow: float  # seconds, the 99th percentile


class Server:
    """A server on loopback that answers one model."""

    def __init__(self, command: list[str], model: Path, port: int):
        self.url = f"http://127.0.0.1:{port}/v2/models/{model.stem}/infer"
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment(1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answer(self, body: str) -> dict[str, list]:
        """The outputs for a request, once the server is there."""
        deadline = time.monotonic() + 30
        while True:
            try:
                request = urllib.request.Request(self.url, body.encode(), {"Content-Type": "application/json"})
                with urllib.request.urlopen(request, timeout=10) as response:
                    return {output["name"]: output["data"] for output in json.load(response)["outputs"]}
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def load(self, body: str) -> Load:
        """Asks as fast as the server answers."""
        wait_for_quiet()
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(SCRIPT.replace("{body}", body))
            script.flush()
            printed = subprocess.run(
                ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-s", script.name, self.url], check=True,
                capture_output=True, text=True).stdout
        requests, microseconds, slow, errors = map(int, printed.splitlines()[-1].split())
        if errors:
            raise RuntimeError(f"{errors} of {requests} requests to {self.url} failed")
        return Load(requests / microseconds * 1e6, slow / 1e6)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def time_until_ready(command: list[str]) -> float:
    """Seconds from the start of a server's process until it says that it is ready.

    The command ends where its port is to stand.
    """
    port = free_port()
    begin = time.perf_counter()
    process = subprocess.Popen([*command[:-1], command[-1] + str(port)], cwd=ROOT, env=environment(1),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() < begin + 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/health/ready", timeout=10) as response:
                    if response.status == 200:
                        return time.perf_counter() - begin
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.0005)
        raise RuntimeError(f"{' '.join(command)} was not ready in a minute")
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def request_for(row: list[float]) -> str:
    """One row as a request of the Open Inference Protocol."""
    return json.dumps(
        {"inputs": [{"name": "features", "shape": [1, len(row)], "datatype": "FP32", "data": row}]})


def take_turns(commands: dict[str, list[str]], model: Path, row: list[float], pairs: int) -> dict[str, list[Load]]:
    """Has the servers asked one after the other, and again; the first turn of each does not count.

    A command ends where its port is to stand.
    """
    body, servers = request_for(row), {}
    found: dict[str, list[Load]] = {name: [] for name in commands}
    try:
        for name, command in commands.items():
            port = free_port()
            servers[name] = Server([*command[:-1], command[-1] + str(port)], model, port)
        answers = [server.answer(body) for server in servers.values()]
        for other in answers[1:]:
            if other["label"] != answers[0]["label"] or any(
                    abs(a - b) > 1e-4 for a, b in zip(other["probabilities"], answers[0]["probabilities"], strict=True)):
                raise RuntimeError(f"the servers do not answer alike: {answers}")
        for turn in range(-1, pairs):
            for name, server in servers.items():
                load = server.load(body)
                if turn >= 0:
                    found[name].append(load)
    finally:
        for server in servers.values():
            server.end()
    return found
