# SPDX-License-Identifier: Apache-2.0
"""Contenders: programs that are measured in turns.

Each is started once, makes itself ready, and then waits for its turns, so that both sides are warm and neither runs
while the other is measured. A machine that slows down or speeds up in between then does so for both, and the median
of the ratios of pairs says more than the ratio of two medians.
"""
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
ROOT = FOLDER.parent
PRODUCTS = FOLDER / ".build/release"
VENV = Path(os.environ.get("SWIFTLET_PEERS", FOLDER / ".venv"))

# A thread pool spins for a while after its work, in the hope of more; the next turn waits until it sleeps.
PAUSE = 0.3

# A turn in which others took more than this part of one processor, and some ticks of the clock, is taken again.
DISTURBANCE = 0.1
TICKS = 0.03
ATTEMPTS = 10
PATIENCE = 120


def environment(threads: int) -> dict[str, str]:
    """The environment in which every library takes so many threads."""
    names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]
    return os.environ | {name: str(threads) for name in names} | {"PYTHONDONTWRITEBYTECODE": "1"}


def ours(workload: str, *options: str) -> list[str]:
    """The command for a workload of swiftlet-bench."""
    return [str(PRODUCTS / "swiftlet-bench"), workload, *options]


def peer(program: str, *options: str) -> list[str]:
    """The command for a program of Peers/.

    Peers bring an OpenBLAS of their own, newer than the system's: what is said to the system's about the processor
    would only slow them down.
    """
    unsaid = ["/usr/bin/env", "-u", "OPENBLAS_CORETYPE", "-u", "OPENBLAS_L2_SIZE"]
    return [*unsaid, str(VENV / "bin/python"), str(FOLDER / "Peers" / program), *options]


def taken_by_all() -> float:
    """Processor seconds of all processes since the system was started, and those lost to other machines.

    0 where the system does not say: every turn counts then.
    """
    if not os.path.exists("/proc/stat"):
        return 0
    with open("/proc/stat", encoding="utf-8") as file:
        user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def taken_by(process: int) -> float:
    """Processor seconds of one process."""
    if not os.path.exists("/proc/stat"):
        return 0
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet() -> None:
    """Lets thread pools go to sleep, and waits for other programs to end their work, though not for ever."""
    for _ in range(int(PATIENCE / PAUSE)):
        before = taken_by_all()
        time.sleep(PAUSE)
        if taken_by_all() - before <= DISTURBANCE * PAUSE + TICKS:
            return


class Contender:
    """A program that measures its work once for every line it is given."""

    def __init__(self, command: list[str], threads: int = 2):
        self.command = command
        self.process = subprocess.Popen(
            command, env=environment(threads), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{' '.join(self.command)} ended before it had measured")
        return line

    def wait_until_ready(self) -> None:
        if (line := self.line()) != "ready":
            raise RuntimeError(f"{' '.join(self.command)} said {line!r} in place of \"ready\"")

    def measure(self) -> dict:
        """Measures, and measures again where other programs kept a processor busy meanwhile."""
        for _ in range(ATTEMPTS):
            wait_for_quiet()
            start, all_before, own_before = time.monotonic(), taken_by_all(), taken_by(self.process.pid)
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            found = json.loads(self.line())
            others = (taken_by_all() - all_before) - (taken_by(self.process.pid) - own_before)
            if others <= DISTURBANCE * (time.monotonic() - start) + TICKS:
                return found
        print(f"  disturbed: other programs took {others:.1f} s while it was measured: {self.command}", file=sys.stderr)
        return found

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)


@dataclass
class Turns:
    """What the turns of one contender found."""

    measurements: list[dict]

    @property
    def seconds(self) -> list[float]:
        """Seconds for one unit of the work."""
        return [each["seconds"] / each["count"] for each in self.measurements]

    @property
    def bare_seconds(self) -> list[float]:
        """The same, of its bare matrix products."""
        return [each["bare_seconds"] / each["count"] for each in self.measurements]

    @property
    def check(self) -> float:
        """The figure of the result: the same work has given about the same."""
        return self.measurements[0]["check"]

    @property
    def middle(self) -> float:
        """Seconds for one unit of the work, the median."""
        return statistics.median(self.seconds)

    @property
    def rate(self) -> float:
        """Units of work in a second, the median."""
        return statistics.median(1 / seconds for seconds in self.seconds)


def take_turns(
    commands: dict[str, list[str]], pairs: int, threads: dict[str, int] | None = None, warm_up: bool = True
) -> dict[str, Turns]:
    """Measures the contenders one after the other, and again, `pairs` times; before it once that does not count."""
    contenders: dict[str, Contender] = {}
    try:
        for name, command in commands.items():
            contenders[name] = Contender(command, (threads or {}).get(name, 2))
            contenders[name].wait_until_ready()
        found: dict[str, list[dict]] = {name: [] for name in commands}
        for turn in range(-1 if warm_up else 0, pairs):
            for name, contender in contenders.items():
                measurement = contender.measure()
                if turn >= 0:
                    found[name].append(measurement)
    finally:
        for contender in contenders.values():
            contender.end()
    return {name: Turns(measurements) for name, measurements in found.items()}


@dataclass
class Ratio:
    """The ratios of pairs: the one in the middle, and the two at the ends."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(numerators: list[float], denominators: list[float]) -> "Ratio":
        ratios = [a / b for a, b in zip(numerators, denominators, strict=True)]
        return Ratio(statistics.median(ratios), min(ratios), max(ratios))

    def __str__(self) -> str:
        return f"{digits(self.median)} ({digits(self.least)} to {digits(self.most)})"


def duration(value: float) -> str:
    """Seconds in a unit that suits them."""
    for unit, size in [("s", 1), ("ms", 1e-3), ("µs", 1e-6)]:
        if value >= size:
            break
    return f"{digits(value / size)} {unit}"


def digits(value: float) -> str:
    """Three digits that say something: 118,000, 42.3, 0.0712."""
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
