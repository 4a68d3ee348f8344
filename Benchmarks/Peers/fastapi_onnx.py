# SPDX-License-Identifier: Apache-2.0
"""A model behind FastAPI and onnxruntime: the server that most people write, written with care.

It answers the same requests as `swiftlet serve` does, those of the Open Inference Protocol in JSON, with the same two
outputs. One worker of uvicorn, with uvloop and httptools, no log of requests. The body is read by `request.json()`
and the answer is a JSONResponse; a model of pydantic for the body was measured too (form=pydantic), and is slower.
The network is called on the event loop, by one thread: a thread of its own for a call that takes microseconds costs
more than the call.

Options   model=FOLDER (or a FILE.onnx of scikit-learn, without a ZipMap) port=8000 form=json
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from onnx_network import network

options = dict(argument.split("=", 1) for argument in sys.argv[1:])
folder = Path(options["model"])
settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = 1
settings.inter_op_num_threads = 1
is_file = folder.suffix == ".onnx"
session = onnxruntime.InferenceSession(
    folder.read_bytes() if is_file else network(folder), settings, providers=["CPUExecutionProvider"])
labels = [] if is_file else json.loads((folder / "model.json").read_text())["signature"]["labels"]
taken = session.get_inputs()[0].name
app = FastAPI()


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[float]


class Body(BaseModel):
    inputs: list[Tensor]


def answer(shape: list[int], data: list[float]) -> JSONResponse:
    features = np.array(data, np.float32).reshape(shape)
    if is_file:
        found, probabilities = session.run(None, {taken: features})
        chosen = [str(label) for label in found]
    else:
        probabilities = session.run(["p"], {taken: features})[0]
        chosen = [labels[position] for position in probabilities.argmax(axis=1)]
    return JSONResponse({
        "model_name": folder.stem, "model_version": "1",
        "outputs": [
            {"name": "probabilities", "datatype": "FP32", "shape": list(probabilities.shape),
             "data": probabilities.ravel().tolist()},
            {"name": "label", "datatype": "BYTES", "shape": [len(chosen), 1], "data": chosen}]})


async def by_json(request: Request) -> JSONResponse:
    tensor = (await request.json())["inputs"][0]
    return answer(tensor["shape"], tensor["data"])


async def by_pydantic(body: Body) -> JSONResponse:
    return answer(body.inputs[0].shape, body.inputs[0].data)


app.post(f"/v2/models/{folder.stem}/infer")(by_pydantic if options.get("form") == "pydantic" else by_json)

uvicorn.run(app, host="127.0.0.1", port=int(options.get("port", "8000")), loop="uvloop", http="httptools",
            access_log=False, log_level="warning")
