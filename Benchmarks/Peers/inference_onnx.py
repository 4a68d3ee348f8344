# SPDX-License-Identifier: Apache-2.0
"""Answers in onnxruntime: the network of a bundle, 784-256-128-10 and softmax, one batch a call.

The weights are those that swiftlet-bench has written. The graph is what an exporter makes of the network: Gemm with
its bias, Relu, Softmax. Of two ways to call it, the one that is faster here is measured: `run`, or an IOBinding that
keeps the addresses of input and output. Where the rows come as 64-bit numbers, NumPy makes 32-bit numbers of them first.

Options   model=FOLDER batch=1 calls=2000/√batch threads=2 from=features (or numbers: 64 bits)
"""
import statistics
from pathlib import Path

import numpy as np
import onnxruntime

from onnx_network import network
from turns import fashion_mnist, options, seconds, take_turns, threads

settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = threads()
settings.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    network(Path(options()["model"])), settings, providers=["CPUExecutionProvider"])
batch = int(options().get("batch", "1"))
calls = int(options().get("calls", max(20, int(2000 / batch**0.5))))
rows = np.ascontiguousarray(fashion_mnist(10_000)[0][:batch])
numbers = rows.astype(np.float64)
converts = options().get("from") == "numbers"
answers = np.zeros((batch, 10), np.float32)
binding = session.io_binding()
binding.bind_cpu_input("x", rows)
binding.bind_output("p", "cpu", 0, np.float32, answers.shape, answers.ctypes.data)


def latency(call) -> float:
    """The median time of a call."""
    return statistics.median(seconds(call) for _ in range(calls))


def by_run() -> None:
    session.run(["p"], {"x": numbers.astype(np.float32) if converts else rows})


def by_binding() -> None:
    if converts:
        rows[:] = numbers
    session.run_with_iobinding(binding)


def measure() -> dict[str, object]:
    """The faster way of the two, and the answers' figure."""
    time = min(latency(by_run), latency(by_binding))
    check = float((answers.astype(np.float64) * np.arange(10)).sum() / batch)
    return {"seconds": time, "count": 1, "unit": "calls", "check": check}


take_turns(measure)
