# SPDX-License-Identifier: Apache-2.0
"""Answers in onnxruntime: the network of a bundle, 784-256-128-10 and softmax, one batch a call.

The weights are those that swiftlet-bench has written. The graph is what an exporter makes of the network: Gemm with
its bias, Relu, Softmax. Of two ways to call it, the one that is faster here is measured: `run`, or an IOBinding that
keeps the addresses of input and output.

Options   model=FOLDER batch=1 calls=2000/√batch threads=2
"""
import json
import statistics
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from turns import fashion_mnist, options, seconds, take_turns, threads


def parameters(folder: Path) -> dict[str, np.ndarray]:
    """The tensors of model.safetensors: a length, a header of JSON, and the numbers."""
    data = (folder / "model.safetensors").read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    return {
        name: np.frombuffer(data, np.float32, offset=8 + length + about["data_offsets"][0],
                            count=int(np.prod(about["shape"]))).reshape(about["shape"])
        for name, about in header.items() if name != "__metadata__"}


def network(tensors: dict[str, np.ndarray]) -> bytes:
    """The network as a graph of ONNX."""
    nodes, value = [], "x"
    layers = sorted({int(name.split(".")[0]) for name in tensors})
    for layer in layers:
        nodes.append(helper.make_node("Gemm", [value, f"{layer}.weight", f"{layer}.bias"], [f"y{layer}"], transB=1))
        last = layer == layers[-1]
        nodes.append(helper.make_node("Softmax" if last else "Relu", [f"y{layer}"], ["p" if last else f"z{layer}"]))
        value = f"z{layer}"
    graph = helper.make_graph(
        nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 784])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["n", 10])],
        [numpy_helper.from_array(tensor, name) for name, tensor in tensors.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model.SerializeToString()


settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = threads()
settings.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    network(parameters(Path(options()["model"]))), settings, providers=["CPUExecutionProvider"])
batch = int(options().get("batch", "1"))
calls = int(options().get("calls", max(20, int(2000 / batch**0.5))))
rows = np.ascontiguousarray(fashion_mnist(10_000)[0][:batch])
answers = np.zeros((batch, 10), np.float32)
binding = session.io_binding()
binding.bind_cpu_input("x", rows)
binding.bind_output("p", "cpu", 0, np.float32, answers.shape, answers.ctypes.data)


def latency(call) -> float:
    """The median time of a call."""
    return statistics.median(seconds(call) for _ in range(calls))


def by_run() -> None:
    session.run(["p"], {"x": rows})


def by_binding() -> None:
    session.run_with_iobinding(binding)


def measure() -> dict[str, object]:
    """The faster way of the two, and the answers' figure."""
    time = min(latency(by_run), latency(by_binding))
    check = float((answers.astype(np.float64) * np.arange(10)).sum() / batch)
    return {"seconds": time, "count": 1, "unit": "calls", "check": check}


take_turns(measure)
