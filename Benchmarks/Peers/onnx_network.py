# SPDX-License-Identifier: Apache-2.0
"""The network of a bundle as a graph of ONNX: what an exporter makes of it.

The weights are those of model.safetensors. Columns that the pipeline scales are scaled by Sub and Mul, as exporters of
scikit-learn's pipelines write it; then come Gemm with its bias and Relu, layer by layer, and Softmax. A network of
pictures is written as PyTorch's exporter does, channels first.
"""
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def parameters(folder: Path) -> dict[str, np.ndarray]:
    """The tensors of model.safetensors: a length, a header of JSON, and the numbers."""
    data = (folder / "model.safetensors").read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    return {
        name: np.frombuffer(data, np.float32, offset=8 + length + about["data_offsets"][0],
                            count=int(np.prod(about["shape"]))).reshape(about["shape"])
        for name, about in header.items() if name != "__metadata__"}


def scaling(folder: Path) -> dict[str, np.ndarray]:
    """What is taken from every column and what it is multiplied by, where the pipeline scales."""
    columns = json.loads((folder / "model.json").read_text())["pipeline"]
    offset = np.array([[column.get("offset", 0) for column in columns]], np.float32)
    factor = np.array([[column.get("factor", 1) for column in columns]], np.float32)
    return {"offset": offset, "factor": factor} if offset.any() or (factor != 1).any() else {}


def picture_layers(layers: list[dict], tensors: dict[str, np.ndarray]) -> list[onnx.NodeProto]:
    """The nodes of a network of pictures, from `x` [n, D]."""
    nodes, value = [], "x"
    for position, layer in enumerate(layers):
        last, weights = position == len(layers) - 1, [f"{position}.weight", f"{position}.bias"]
        target = "scores" if last else f"v{position}"
        match layer["kind"]:
            case "unflatten":
                tensors["picture"] = np.array([-1, layer["channels"], layer["height"], layer["width"]], np.int64)
                node = helper.make_node("Reshape", [value, "picture"], [target])
            case "conv2d":
                reach = layer["size"] // 2
                node = helper.make_node("Conv", [value, *weights], [target], pads=[reach] * 4)
            case "max_pool2d":
                node = helper.make_node("MaxPool", [value], [target], kernel_shape=[2, 2], strides=[2, 2])
            case "linear":
                node = helper.make_node("Gemm", [value, *weights], [target], transB=1)
            case kind:
                node = helper.make_node({"relu": "Relu", "flatten": "Flatten"}[kind], [value], [target])
        nodes.append(node)
        value = target
    return [*nodes, helper.make_node("Softmax", ["scores"], ["p"])]


def table_layers(tensors: dict[str, np.ndarray], scale: dict[str, np.ndarray]) -> list[onnx.NodeProto]:
    """The nodes of a network of columns, from `x` [n, D]."""
    nodes, value = [], "x"
    if scale:
        nodes += [helper.make_node("Sub", ["x", "offset"], ["centered"]),
                  helper.make_node("Mul", ["centered", "factor"], ["scaled"])]
        value = "scaled"
    layers = sorted({int(name.split(".")[0]) for name in tensors})
    for layer in layers:
        nodes.append(helper.make_node("Gemm", [value, f"{layer}.weight", f"{layer}.bias"], [f"y{layer}"], transB=1))
        last = layer == layers[-1]
        nodes.append(helper.make_node("Softmax" if last else "Relu", [f"y{layer}"], ["p" if last else f"z{layer}"]))
        value = f"z{layer}"
    return nodes


def network(folder: Path) -> bytes:
    """The network as a graph of ONNX, from `x` [n, D] to `p` [n, C]."""
    tensors, scale = parameters(folder), scaling(folder)
    layers = json.loads((folder / "model.json").read_text())["network"]
    weights = sorted(
        (name for name in tensors if name.endswith(".weight")), key=lambda name: int(name.split(".")[0]))
    is_picture = layers[0]["kind"] == "unflatten"
    inputs = layers[0]["channels"] * layers[0]["height"] * layers[0]["width"] if is_picture else tensors[weights[0]].shape[1]
    outputs = tensors[weights[-1]].shape[0]
    nodes = picture_layers(layers, tensors) if is_picture else table_layers(tensors, scale)
    graph = helper.make_graph(
        nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", inputs])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["n", outputs])],
        [numpy_helper.from_array(tensor, name) for name, tensor in (tensors | scale).items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model.SerializeToString()
