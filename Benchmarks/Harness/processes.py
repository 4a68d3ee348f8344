# SPDX-License-Identifier: Apache-2.0
"""Whole processes: how long a command takes from its start to its end, and how much memory it has at most."""
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from contenders import ROOT, environment, wait_for_quiet


@dataclass
class Process:
    """One run of a command."""

    seconds: float
    peak_bytes: int


def run(command: list[str], threads: int = 2) -> Process:
    """Runs a command to its end; what it prints is dropped."""
    wait_for_quiet()
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment(threads), cwd=ROOT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Process(elapsed, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def alternate(commands: dict[str, list[str]], pairs: int) -> dict[str, list[Process]]:
    """Runs the commands one after the other, and again; the first run of each fills the system's caches only."""
    found: dict[str, list[Process]] = {name: [] for name in commands}
    for turn in range(-1, pairs):
        for name, command in commands.items():
            process = run(command)
            if turn >= 0:
                found[name].append(process)
    return found
