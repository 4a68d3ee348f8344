# SPDX-License-Identifier: Apache-2.0
"""NVIDIA's tritonclient over HTTP: JSON and bytes in both directions, compressed or not, at once or later.

The calls follow triton-inference-server/client, src/python/library/tritonclient/http and src/python/examples
(simple_http_infer_client.py, simple_http_string_infer_client.py, simple_http_async_infer_client.py,
simple_http_aio_infer_client.py, simple_http_health_metadata.py, simple_http_model_control.py, image_client.py).
"""
import asyncio

import numpy as np
import pytest
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from tritonclient.utils import InferenceServerException

from server import ModelServer


@pytest.fixture(scope="module")
def client(server):
    with triton.InferenceServerClient(server.address) as client:
        yield client


def tensor(name, values, datatype="FP32", **how):
    """An input made from an array, as every example of theirs makes one."""
    tensor = triton.InferInput(name, list(values.shape), datatype)
    tensor.set_data_from_numpy(values, **how)
    return tensor


def columns(question, **how):
    """A tensor for each column: numbers, and texts as BYTES."""
    tensors = []
    for name in question.columns:
        values = question.column(name)
        if any(isinstance(value, str) for value in values):
            texts = np.array([["" if value is None else value] for value in values], np.object_)
            tensors.append(tensor(name, texts, "BYTES", **how))
        else:
            numbers = np.array([[np.nan if value is None else value] for value in values], np.float32)
            tensors.append(tensor(name, numbers, **how))
    return tensors


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False, None])
@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
@pytest.mark.parametrize("model", ["iris", "digits", "breast-cancer"])
def test_classes(client, questions, model, binary_in, binary_out, encoding):
    question = questions[model]
    outputs = None
    if binary_out is not None:
        outputs = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in ("probabilities", "label")]
    answer = client.infer(
        model, [tensor("features", question.features, binary_data=binary_in)], outputs=outputs, request_id="42",
        request_compression_algorithm=encoding, response_compression_algorithm=encoding)
    assert answer.get_response()["id"] == "42"
    assert answer.as_numpy("probabilities").shape == question.probabilities.shape
    assert answer.as_numpy("label").shape == (len(question.rows), 1)
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("binary", [True, False])
def test_regression(client, questions, binary):
    question = questions["concrete"]
    answer = client.infer("concrete", [tensor("x", question.features, binary_data=binary)], model_version="1")
    assert answer.as_numpy("prediction").shape == (len(question.rows), 1)
    question.expect(numbers=answer.as_numpy("prediction"))


@pytest.mark.parametrize("binary", [True, False])
def test_columns_of_every_type(client, questions, binary):
    """Missing values among them: tritonclient writes the literal NaN into its JSON."""
    question = questions["penguins"]
    answer = client.infer("penguins", columns(question, binary_data=binary))
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("datatype, type", [("UINT8", np.uint8), ("FP32", np.float32)])
@pytest.mark.parametrize("binary", [True, False])
def test_images(client, questions, datatype, type, binary):
    question = questions["fashion-mini"]
    pixels = np.array(question.column("image"), type)
    answer = client.infer("fashion-mini", [tensor("image", pixels, datatype, binary_data=binary)])
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("datatype, type", [("FP64", np.float64), ("INT64", np.int64), ("INT32", np.int32)])
def test_types_that_numpy_makes_by_itself(client, questions, datatype, type):
    whole = questions["digits"]
    answer = client.infer("digits", [tensor("features", whole.features.astype(type), datatype)])
    whole.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_later(client, questions):
    question = questions["iris"]
    pending = [client.async_infer("iris", [tensor("features", question.features)]) for _ in range(8)]
    for each in pending:
        answer = each.get_result(block=True, timeout=10)
        question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_asyncio(server, questions):
    question = questions["iris"]

    async def ask():
        async with triton_aio.InferenceServerClient(server.address) as client:
            assert await client.is_server_live() and await client.is_model_ready("iris")
            inputs = [tensor("features", question.features)]
            return await asyncio.gather(*(client.infer("iris", inputs) for _ in range(8)))

    for answer in asyncio.run(ask()):
        question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_body_made_and_read_apart(client, server, questions):
    """generate_request_body and parse_response_body, for those who send with a client of their own."""
    import requests

    question = questions["iris"]
    body, length = triton.InferenceServerClient.generate_request_body([tensor("features", question.features)])
    reply = requests.post(
        f"{server.url}/v2/models/iris/infer", data=body, headers={"Inference-Header-Content-Length": str(length)})
    answer = triton.InferenceServerClient.parse_response_body(
        reply.content, header_length=int(reply.headers["Inference-Header-Content-Length"]))
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_raw_bytes(server, questions):
    """docs/protocol/extension_binary_data.md, "Raw Binary Request": the numbers of one row and nothing else."""
    import requests

    question = questions["iris"].part(slice(1))
    reply = requests.post(
        f"{server.url}/v2/models/iris/infer", data=question.features.tobytes(),
        headers={"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": "0"})
    answer = triton.InferenceServerClient.parse_response_body(
        reply.content, header_length=int(reply.headers["Inference-Header-Content-Length"]))
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("binary", [True, False])
def test_classification_extension(client, questions, binary):
    question = questions["iris"]
    top = triton.InferRequestedOutput("probabilities", binary_data=binary, class_count=2)
    answer = client.infer("iris", [tensor("features", question.features)], outputs=[top]).as_numpy("probabilities")
    assert answer.shape == (len(question.rows), 2)
    parts = [[bytes(text).decode().split(":") if isinstance(text, bytes) else text.split(":") for text in row]
             for row in answer]
    question.expect(labels=[first[2] for first, _ in parts])
    best = -np.sort(-question.probabilities, axis=1)[:, :2]
    np.testing.assert_allclose([[float(each[0]) for each in row] for row in parts], best, atol=1e-5)
    labels = ["setosa", "versicolor", "virginica"]
    assert all(labels[int(each[1])] == each[2] for row in parts for each in row)


def test_health_and_metadata(client, questions):
    assert client.is_server_live() and client.is_server_ready()
    metadata = client.get_server_metadata()
    assert metadata["name"] == "swiftlet" and "binary_tensor_data" in metadata["extensions"]
    for model, question in questions.items():
        assert client.is_model_ready(model) and client.is_model_ready(model, "1")
        metadata = client.get_model_metadata(model, "1")
        assert (metadata["name"], metadata["versions"]) == (model, ["1"])
        assert client.get_model_config(model)["name"] == model
    assert client.get_model_metadata("iris")["inputs"] == [{"name": "features", "datatype": "FP32", "shape": [-1, 4]}]
    assert [tensor["name"] for tensor in client.get_model_metadata("penguins")["inputs"]] == questions["penguins"].columns
    assert client.get_model_metadata("fashion-mini")["inputs"][0]["shape"] == [-1, 28, 28]
    assert not client.is_model_ready("nope") and not client.is_model_ready("iris", "9")


def test_statistics_count_rows_and_batches(client, questions):
    def counts():
        found = client.get_inference_statistics("iris", "1")["model_stats"][0]
        return found["inference_count"], found["execution_count"], found["inference_stats"]["success"]["count"]

    before = counts()
    client.infer("iris", [tensor("features", questions["iris"].features)])
    rows = len(questions["iris"].rows)
    assert [after - start for after, start in zip(counts(), before)] == [rows, 1, 1]
    assert len(client.get_inference_statistics()["model_stats"]) == len(questions)


def test_repository_index(client, questions):
    index = client.get_model_repository_index()
    assert {entry["name"] for entry in index} == set(questions)
    assert all(entry["state"] == "READY" and entry["version"] == "1" for entry in index)


def test_loading_is_refused_unless_allowed(client):
    for ask in (client.load_model, client.unload_model):
        with pytest.raises(InferenceServerException) as refusal:
            ask("iris")
        assert refusal.value.status() == "403"


def test_loading_where_it_is_allowed(bundles, questions):
    server = ModelServer(bundles["iris"], bundles["digits"], "--allow-load")
    try:
        with triton.InferenceServerClient(server.address) as client:
            client.unload_model("iris")
            assert not client.is_model_ready("iris") and client.is_model_ready("digits")
            states = {entry["name"]: entry["state"] for entry in client.get_model_repository_index()}
            assert states["iris"] != "READY" and states["digits"] == "READY"
            with pytest.raises(InferenceServerException):
                client.infer("iris", [tensor("features", questions["iris"].features)])
            client.load_model("iris")
            answer = client.infer("iris", [tensor("features", questions["iris"].features)])
            questions["iris"].expect(labels=answer.as_numpy("label"))
            with pytest.raises(InferenceServerException) as refusal:
                client.load_model("nope")
            assert refusal.value.status() == "404"
            # A model that comes with the request would be anybody's program.
            with pytest.raises(InferenceServerException) as refusal:
                client.load_model("iris", config="{}", files={"file:1/model": b"anything"})
            assert refusal.value.status() in ("400", "403")
            assert client.is_model_ready("iris")
    finally:
        server.end()


@pytest.mark.parametrize("make, sentence", [
    (lambda: tensor("features", np.zeros((1, 3), np.float32)), "Expected [-1,4], got [1,3]"),
    (lambda: tensor("speed", np.zeros((1, 4), np.float32)), "speed"),
    (lambda: tensor("features", np.array([["a"] * 4], np.object_), "BYTES"), "features"),
])
def test_refusals_say_what_is_wrong(client, make, sentence):
    with pytest.raises(InferenceServerException) as refusal:
        client.infer("iris", [make()])
    assert refusal.value.status() == "400" and sentence in refusal.value.message()


def test_unknown_models_and_outputs(client, questions):
    inputs = [tensor("features", questions["iris"].features)]
    for status, model, version, outputs in [
        ("404", "nope", "", None), ("404", "iris", "9", None),
        ("400", "iris", "", [triton.InferRequestedOutput("speed")]),
    ]:
        with pytest.raises(InferenceServerException) as refusal:
            client.infer(model, inputs, model_version=version, outputs=outputs)
        assert refusal.value.status() == status
