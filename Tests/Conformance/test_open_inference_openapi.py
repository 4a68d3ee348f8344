# SPDX-License-Identifier: Apache-2.0
"""The client that was generated from the OpenAPI document of the Open Inference Protocol itself.

The calls follow kserve/open-inference-protocol, clients/python (PyPI open-inference-openapi), README.md.
"""
import asyncio

import pytest
from open_inference.openapi.client import AsyncOpenInferenceClient, OpenInferenceClient
from open_inference.openapi.core.api_error import ApiError
from open_inference.openapi.errors import BadRequestError, NotFoundError
from open_inference.openapi.types import InferenceRequest, RequestInput, RequestOutput, TensorData


def request_for(question, **more):
    features = RequestInput(
        name="features", shape=[len(question.rows), len(question.columns)], datatype="FP32",
        data=TensorData.parse_obj(question.rows))
    return InferenceRequest(id="42", inputs=[features], **more)


def values(answer, name):
    """The values of an output, whose list is made of lists of its own."""
    output = next(output for output in answer.outputs if output.name == name)
    return [getattr(value, "__root__", value) for value in output.data.__root__]


@pytest.fixture(scope="module")
def client(url):
    return OpenInferenceClient(base_url=url)


def test_health_and_metadata(client):
    client.check_server_liveness()
    client.check_server_readiness()
    client.check_model_readiness("iris")
    client.check_model_version_readiness("iris", "1")
    assert client.read_server_metadata().name == "swiftlet"
    metadata = client.read_model_version_metadata("iris", "1")
    assert (metadata.name, metadata.versions, metadata.inputs[0].shape) == ("iris", ["1"], [-1, 4])
    assert client.read_model_metadata("concrete").outputs[0].name == "prediction"


def test_infer(client, questions):
    question = questions["iris"]
    for answer in (client.model_infer("iris", request=request_for(question)),
                   client.model_version_infer("iris", "1", request=request_for(question))):
        assert (answer.id, answer.model_name, answer.model_version) == ("42", "iris", "1")
        question.expect(labels=values(answer, "label"), probabilities=values(answer, "probabilities"))


def test_infer_chosen_output(client, questions):
    answer = client.model_infer("iris", request=request_for(questions["iris"], outputs=[RequestOutput(name="label")]))
    assert [output.name for output in answer.outputs] == ["label"]
    questions["iris"].expect(labels=values(answer, "label"))


def test_members_without_a_value_are_sent_as_null(client, questions):
    request = request_for(questions["iris"], parameters=None, outputs=None)
    answer = client.model_infer("iris", request=request)
    questions["iris"].expect(labels=values(answer, "label"))


def test_infer_regression(client, questions):
    answer = client.model_infer("concrete", request=request_for(questions["concrete"]))
    questions["concrete"].expect(numbers=values(answer, "prediction"))


def test_infer_asyncio(url, questions):
    async def ask():
        return await AsyncOpenInferenceClient(base_url=url).model_infer("iris", request=request_for(questions["iris"]))

    questions["iris"].expect(probabilities=values(asyncio.run(ask()), "probabilities"))


def test_refusals_are_errors_of_theirs(client, questions):
    with pytest.raises(NotFoundError):
        client.check_model_readiness("nope")
    with pytest.raises(ApiError) as refusal:  # its document knows no 404 for a request
        client.model_infer("nope", request=request_for(questions["iris"]))
    assert refusal.value.status_code == 404
    with pytest.raises(BadRequestError) as refusal:
        client.model_infer("iris", request=request_for(questions["concrete"]))
    assert "Expected [-1,4]" in refusal.value.body["error"]
