# SPDX-License-Identifier: Apache-2.0
"""Measuring in turns: what every program here has in common.

A program makes its data and its model ready, prints "ready", and then measures once for every line of standard
input and prints a line of JSON, as swiftlet-bench does. Whoever measures lets the first turn pass as a warm-up.
`times=5` measures five times without being told.
"""
import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

IMAGES = Path("/usr/share/datasets/fashion-mnist")
ROOT = Path(__file__).resolve().parents[2]


def options() -> dict[str, str]:
    """The arguments NAME=VALUE."""
    return dict(argument.split("=", 1) for argument in sys.argv[1:])


def threads() -> int:
    """How many threads the library may use."""
    return int(options().get("threads", "2"))


def fashion_mnist(rows: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    """Fashion-MNIST's training pictures, [N, 784] from 0 to 1, and their labels, [N]."""
    with gzip.open(IMAGES / "train-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(IMAGES / "train-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return pixels[:rows].astype(np.float32) / 255, labels[:rows].astype(np.int64)


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def take_turns(measure: Callable[[], dict[str, object]]) -> None:
    """Measures whenever it is told to."""
    if times := options().get("times"):
        for _ in range(int(times)):
            print(json.dumps(measure()), flush=True)
        return
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps(measure()), flush=True)
