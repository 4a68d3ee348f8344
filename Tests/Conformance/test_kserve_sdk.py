# SPDX-License-Identifier: Apache-2.0
"""KServe's own client, in both versions of its protocol.

The calls follow kserve/kserve, python/kserve/kserve/inference_client.py (InferenceRESTClient) and the tests beside it.
"""
import asyncio

import grpc
import httpx
import numpy as np
import pytest
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig


def ask(protocol, work):
    """Runs `work` with a client."""

    async def run():
        async with InferenceRESTClient(RESTConfig(protocol=protocol, retries=0)) as client:
            return await work(client)

    return asyncio.run(run())


@pytest.mark.parametrize("protocol", ["v1", "v2"])
def test_health(url, protocol):
    assert ask(protocol, lambda client: client.is_server_live(url)) is True
    assert ask(protocol, lambda client: client.is_model_ready(url, "iris")) is True
    if protocol == "v2":
        assert ask(protocol, lambda client: client.is_server_ready(url)) is True
        assert ask(protocol, lambda client: client.is_model_ready(url, "nope")) is False
    else:
        with pytest.raises(httpx.HTTPStatusError):
            ask(protocol, lambda client: client.is_model_ready(url, "nope"))


def test_v1(url, questions):
    for model in ("iris", "penguins"):
        question = questions[model]
        instances = question.rows if model == "iris" else question.records
        answer = ask("v1", lambda client: client.infer(url, {"instances": instances}, model_name=model))
        question.expect(labels=[row["label"] for row in answer["predictions"]],
                        probabilities=[row["probabilities"] for row in answer["predictions"]])


@pytest.mark.parametrize("binary", [True, False])
def test_v2(url, questions, binary):
    question = questions["iris"]
    features = InferInput("features", list(question.features.shape), "FP32")
    features.set_data_from_numpy(question.features, binary_data=binary)
    request = InferRequest("iris", [features], request_id="42", parameters={"binary_data_output": binary})
    answer = ask("v2", lambda client: client.infer(url, request, model_name="iris"))
    assert answer.id == "42"
    outputs = {output.name: output.as_numpy() for output in answer.outputs}
    question.expect(labels=outputs["label"], probabilities=outputs["probabilities"])


def test_v2_regression(url, questions):
    question = questions["concrete"]
    features = InferInput("features", list(question.features.shape), "FP32", data=question.rows)
    answer = ask("v2", lambda client: client.infer(url, InferRequest("concrete", [features]), model_name="concrete"))
    question.expect(numbers=np.array(answer.outputs[0].data))


def test_refusals_carry_the_sentence(url):
    for protocol, data in (("v1", {"instances": 3}), ("v2", {"inputs": []})):
        with pytest.raises(httpx.HTTPStatusError) as refusal:
            ask(protocol, lambda client: client.infer(url, data, model_name="iris"))
        assert refusal.value.response.status_code == 400
        assert refusal.value.response.json()["error"] in str(refusal.value)


def call(work, server):
    """Runs `work` with a client of gRPC."""

    async def run():
        async with InferenceGRPCClient(server.grpc) as client:
            return await work(client)

    return asyncio.run(run())


def test_grpc_health(server):
    assert call(lambda client: client.is_server_live(), server) is True
    assert call(lambda client: client.is_server_ready(), server) is True
    assert call(lambda client: client.is_model_ready("iris"), server) is True
    assert call(lambda client: client.is_model_ready("nope"), server) is False


@pytest.mark.parametrize("binary", [True, False])
def test_grpc(server, questions, binary):
    question = questions["iris"]
    features = InferInput("features", list(question.features.shape), "FP32")
    features.set_data_from_numpy(question.features, binary_data=binary)
    answer = call(lambda client: client.infer(InferRequest("iris", [features], request_id="42")), server)
    assert answer.id == "42"
    outputs = {output.name: output.as_numpy() for output in answer.outputs}
    question.expect(labels=outputs["label"], probabilities=outputs["probabilities"])


def test_grpc_columns(server, questions):
    """Numbers as bytes and texts in their message, or all of them in their message."""
    question = questions["penguins"]
    inputs = []
    for name in question.columns:
        values = question.column(name)
        isText = any(isinstance(value, str) for value in values)
        given = [("" if isText else float("nan")) if value is None else value for value in values]
        inputs.append(InferInput(name, [len(given), 1], "BYTES" if isText else "FP32", data=given))
    answer = call(lambda client: client.infer(InferRequest("penguins", inputs)), server)
    outputs = {output.name: output.as_numpy() for output in answer.outputs}
    question.expect(labels=outputs["label"], probabilities=outputs["probabilities"])


def test_grpc_refusals_carry_the_sentence(server):
    features = InferInput("features", [1, 3], "FP32", data=[1.0, 2.0, 3.0])
    with pytest.raises(grpc.RpcError) as refusal:
        call(lambda client: client.infer(InferRequest("iris", [features])), server)
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "Expected [-1,4], got [1,3]" in refusal.value.details()
