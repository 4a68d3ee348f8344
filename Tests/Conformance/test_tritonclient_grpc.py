# SPDX-License-Identifier: Apache-2.0
"""NVIDIA's tritonclient over gRPC, and gRPC's own health checks: the same answers and sentences as over HTTP.

The calls follow triton-inference-server/client, src/python/library/tritonclient/grpc and src/python/examples
(simple_grpc_infer_client.py, simple_grpc_string_infer_client.py, simple_grpc_async_infer_client.py,
simple_grpc_aio_infer_client.py, simple_grpc_custom_repeat.py, simple_grpc_health_metadata.py, grpc_client.py,
grpc_explicit_int_content_client.py, simple_grpc_model_control.py, simple_grpc_keepalive_client.py).
"""
import asyncio
import json
import queue
import urllib.error
import urllib.request

import grpc
import numpy as np
import pytest
import tritonclient.grpc as triton
import tritonclient.grpc.aio as triton_aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException

from server import ModelServer, wait_until


@pytest.fixture(scope="module")
def client(server):
    with triton.InferenceServerClient(server.grpc) as client:
        yield client


@pytest.fixture
def stub(server):
    with grpc.insecure_channel(server.grpc) as channel:
        yield service_pb2_grpc.GRPCInferenceServiceStub(channel)


def tensor(name, values, datatype="FP32"):
    tensor = triton.InferInput(name, list(values.shape), datatype)
    tensor.set_data_from_numpy(values)
    return tensor


def columns(question):
    """A tensor for each column: numbers, and texts as BYTES."""
    for name in question.columns:
        values = question.column(name)
        if any(isinstance(value, str) for value in values):
            yield tensor(name, np.array([["" if value is None else value] for value in values], np.object_), "BYTES")
        else:
            yield tensor(name, np.array([[np.nan if value is None else value] for value in values], np.float32))


def over_http(server, model, inputs):
    """The same tensors in the JSON of HTTP: status and answer."""
    body = json.dumps({"inputs": inputs}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{server.url}/v2/models/{model}/infer", body)) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_the_lines_of_the_page(server):
    address = server.grpc
    client = triton.InferenceServerClient(address)  # import tritonclient.grpc as triton
    features = triton.InferInput("features", [1, 4], "FP32")
    features.set_data_from_numpy(np.array([[5.1, 3.5, 1.4, 0.2]], np.float32))
    label = client.infer("iris", [features]).as_numpy("label")  # [[b'setosa']]
    client.close()
    assert label.tolist() == [[b"setosa"]]


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
@pytest.mark.parametrize("model", ["iris", "digits", "breast-cancer"])
def test_classes(client, questions, model, encoding):
    question = questions[model]
    outputs = [triton.InferRequestedOutput(name) for name in ("label", "probabilities")]
    answer = client.infer(
        model, [tensor("features", question.features)], outputs=outputs, request_id="42", compression_algorithm=encoding)
    assert answer.get_response().id == "42"
    assert [output.name for output in answer.get_response().outputs] == ["label", "probabilities"]
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_regression(client, questions):
    question = questions["concrete"]
    answer = client.infer("concrete", [tensor("x", question.features)], model_version="1")
    assert answer.as_numpy("prediction").shape == (len(question.rows), 1)
    question.expect(numbers=answer.as_numpy("prediction"))


def test_columns_of_every_type(client, questions):
    question = questions["penguins"]
    answer = client.infer("penguins", list(columns(question)))
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("datatype, type", [("UINT8", np.uint8), ("FP32", np.float32)])
def test_images(client, questions, datatype, type):
    question = questions["fashion-mini"]
    answer = client.infer("fashion-mini", [tensor("image", np.array(question.column("image"), type), datatype)])
    question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("datatype, type", [("FP64", np.float64), ("INT64", np.int64), ("INT32", np.int32)])
def test_types_that_numpy_makes_by_itself(client, questions, datatype, type):
    whole = questions["digits"]
    answer = client.infer("digits", [tensor("features", whole.features.astype(type), datatype)])
    whole.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


@pytest.mark.parametrize("field", ["int_contents", "int64_contents", "fp32_contents", "fp64_contents", "uint_contents"])
def test_explicit_contents(stub, questions, field):
    """grpc_explicit_int_content_client.py and its like: the values stand in their message, and so do the answers."""
    question = questions["digits"]
    datatype = {"int_contents": "INT32", "int64_contents": "INT64", "uint_contents": "UINT8"}.get(
        field, field[:4].upper())
    request = service_pb2.ModelInferRequest(model_name="digits")
    given = request.inputs.add(name="features", datatype=datatype, shape=question.features.shape)
    values = question.features.flatten()
    getattr(given.contents, field).extend(values.tolist() if field.startswith("fp") else values.astype(int).tolist())
    answer = stub.ModelInfer(request)
    outputs = {output.name: output for output in answer.outputs}
    assert not answer.raw_output_contents
    probabilities = np.array(outputs["probabilities"].contents.fp32_contents).reshape(outputs["probabilities"].shape)
    question.expect(labels=[[text] for text in outputs["label"].contents.bytes_contents], probabilities=probabilities)


def test_the_numbers_are_those_of_http(client, server, questions):
    """Bit for bit: JSON has the shortest digits that are the same number of 32 bits."""
    for model in ("iris", "digits", "breast-cancer"):
        features = questions[model].features
        status, answer = over_http(server, model, [
            {"name": "features", "shape": features.shape, "datatype": "FP32", "data": features.tolist()}])
        outputs = {output["name"]: output["data"] for output in answer["outputs"]}
        mine = client.infer(model, [tensor("features", features)])
        assert status == 200
        assert np.array_equal(mine.as_numpy("probabilities").flatten(), np.array(outputs["probabilities"], np.float32))
        assert [label.decode() for label in mine.as_numpy("label").flatten()] == outputs["label"]


def test_later(client, questions):
    question = questions["iris"]
    answers = queue.Queue()
    for number in range(8):
        client.async_infer(
            "iris", [tensor("features", question.features)], request_id=str(number),
            callback=lambda result, error: answers.put((result, error)))
    for _ in range(8):
        answer, error = answers.get(timeout=10)
        assert error is None
        question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_asyncio(server, questions):
    question = questions["iris"]

    async def ask():
        async with triton_aio.InferenceServerClient(server.grpc) as client:
            assert await client.is_server_live() and await client.is_model_ready("iris")
            inputs = [tensor("features", question.features)]
            return await asyncio.gather(*(client.infer("iris", inputs) for _ in range(200)))

    for answer in asyncio.run(ask()):
        question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))


def test_stream(client, questions):
    """Answers in the order of the requests; one that is refused is an error, and the stream goes on."""
    question = questions["iris"]
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    try:
        for number in range(30):
            width = 3 if number == 7 else 4
            client.async_stream_infer(
                "iris", [tensor("features", question.features[:, :width])], request_id=str(number),
                enable_empty_final_response=True)
        for number in range(30):
            answer, error = answers.get(timeout=10)
            if number == 7:
                assert "Expected [-1,4], got [" in error.message()
                continue
            assert error is None
            response = answer.get_response()
            assert response.id == str(number) and response.parameters["triton_final_response"].bool_param
            question.expect(labels=answer.as_numpy("label"), probabilities=answer.as_numpy("probabilities"))
    finally:
        client.stop_stream()
    assert answers.empty()


def test_classification_extension(client, questions):
    question = questions["iris"]
    top = triton.InferRequestedOutput("probabilities", class_count=2)
    answer = client.infer("iris", [tensor("features", question.features)], outputs=[top]).as_numpy("probabilities")
    assert answer.shape == (len(question.rows), 2)
    question.expect(labels=[row[0].decode().split(":")[2] for row in answer])


def test_health_and_metadata(client, questions):
    assert client.is_server_live() and client.is_server_ready()
    metadata = client.get_server_metadata(as_json=True)
    assert metadata["name"] == "swiftlet" and "classification" in metadata["extensions"]
    for model in questions:
        assert client.is_model_ready(model) and client.is_model_ready(model, "1")
        metadata = client.get_model_metadata(model, "1")
        assert (metadata.name, list(metadata.versions)) == (model, ["1"])
        assert client.get_model_config(model).config.name == model
    config = client.get_model_config("iris", as_json=True)["config"]
    assert (config["input"], config["backend"]) == (
        [{"name": "features", "data_type": "TYPE_FP32", "dims": ["4"]}], "swiftlet")
    assert [tensor.name for tensor in client.get_model_metadata("penguins").inputs] == questions["penguins"].columns
    assert client.get_model_metadata("fashion-mini").inputs[0].shape == [-1, 28, 28]
    assert not client.is_model_ready("nope") and not client.is_model_ready("iris", "9")


def test_statistics_count_rows_and_batches(client, questions):
    def counts():
        found = client.get_inference_statistics("iris", "1").model_stats[0]
        return found.inference_count, found.execution_count, found.inference_stats.success.count

    before = counts()
    client.infer("iris", [tensor("features", questions["iris"].features)])
    assert [after - start for after, start in zip(counts(), before)] == [len(questions["iris"].rows), 1, 1]
    assert len(client.get_inference_statistics().model_stats) == len(questions)


def test_repository(client, questions):
    index = client.get_model_repository_index().models
    assert {entry.name for entry in index} == set(questions)
    assert all(entry.state == "READY" and entry.version == "1" for entry in index)
    for ask in (client.load_model, client.unload_model):
        with pytest.raises(InferenceServerException) as refusal:
            ask("iris")
        assert refusal.value.status() == "StatusCode.PERMISSION_DENIED"


def test_loading_where_it_is_allowed(bundles, questions):
    server = ModelServer(bundles["iris"], "--allow-load")
    try:
        with triton.InferenceServerClient(server.grpc) as client:
            client.unload_model("iris")
            assert not client.is_model_ready("iris")
            client.load_model("iris")
            answer = client.infer("iris", [tensor("features", questions["iris"].features)])
            questions["iris"].expect(labels=answer.as_numpy("label"))
            for bring in ({"config": "{}"}, {"config": "{}", "files": {"file:1/model": b"anything"}}):
                with pytest.raises(InferenceServerException) as refusal:
                    client.load_model("iris", **bring)
                assert refusal.value.status() == "StatusCode.PERMISSION_DENIED"
    finally:
        server.end()


@pytest.mark.parametrize("shape, name, width", [((1, 3), "features", 3), ((1, 4), "speed", 4)])
def test_refusals_are_those_of_http(client, server, shape, name, width):
    with pytest.raises(InferenceServerException) as refusal:
        client.infer("iris", [tensor(name, np.zeros(shape, np.float32))])
    status, answer = over_http(
        server, "iris", [{"name": name, "shape": shape, "datatype": "FP32", "data": [0.0] * width}])
    assert (status, refusal.value.status()) == (400, "StatusCode.INVALID_ARGUMENT")
    assert refusal.value.message() == answer["error"]


def test_unknown_models_and_outputs(client, questions):
    inputs = [tensor("features", questions["iris"].features)]
    for status, model, version, outputs in [
        ("NOT_FOUND", "nope", "", None), ("NOT_FOUND", "iris", "9", None),
        ("INVALID_ARGUMENT", "iris", "", [triton.InferRequestedOutput("speed")]),
    ]:
        with pytest.raises(InferenceServerException) as refusal:
            client.infer(model, inputs, model_version=version, outputs=outputs)
        assert refusal.value.status() == f"StatusCode.{status}"


def test_what_is_not_here_says_so(client, stub):
    with pytest.raises(InferenceServerException) as refusal:
        client.get_system_shared_memory_status()
    assert refusal.value.status() == "StatusCode.UNIMPLEMENTED"
    # A message larger than the server reads: the limit is that of bodies over HTTP.
    with pytest.raises(grpc.RpcError) as refusal:
        stub.ModelInfer(service_pb2.ModelInferRequest(model_name="iris", raw_input_contents=[bytes(9 << 20)]))
    assert refusal.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_large_messages_pass_the_windows(stub, questions):
    features = np.tile(questions["digits"].features, (400, 1)).astype(np.float32)  # 2 MB in, 320 KB out
    request = service_pb2.ModelInferRequest(model_name="digits", raw_input_contents=[features.tobytes()])
    request.inputs.add(name="features", datatype="FP32", shape=features.shape)
    answer = stub.ModelInfer(request)
    probabilities = np.frombuffer(answer.raw_output_contents[0], np.float32).reshape(answer.outputs[0].shape)
    np.testing.assert_allclose(probabilities, np.tile(questions["digits"].probabilities, (400, 1)), atol=1e-5)
    assert [answer.raw_output_contents[0]] * 2 == [
        each.infer_response.raw_output_contents[0] for each in stub.ModelStreamInfer(iter([request, request]))]


def test_keys(bundles):
    server = ModelServer(bundles["iris"], "--api-key", "5ecret")
    try:
        with triton.InferenceServerClient(server.grpc) as client:
            assert client.is_server_live()
            with pytest.raises(InferenceServerException) as refusal:
                client.get_server_metadata()
            assert refusal.value.status() == "StatusCode.UNAUTHENTICATED"
            assert client.get_server_metadata(headers={"authorization": "Bearer 5ecret"}).name == "swiftlet"
            assert client.get_server_metadata(headers={"x-api-key": "5ecret"}).name == "swiftlet"
    finally:
        server.end()


def test_keepalive(server):
    """simple_grpc_keepalive_client.py, with pings as often as grpcio sends them."""
    options = triton.KeepAliveOptions(1000, 1000, True, 0)
    with triton.InferenceServerClient(server.grpc, keepalive_options=options) as client:
        for _ in range(3):
            assert client.is_server_live()


def test_health_checks_while_a_server_stops(bundles):
    """`grpc.health.v1`, as the probes of Kubernetes ask it. Stopping is told to who watches, and to who has a stream."""
    server = ModelServer(bundles["iris"], "--drain-seconds", "2")
    try:
        with grpc.insecure_channel(server.grpc) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            for service in ("", "inference.GRPCInferenceService", "readiness", "liveness"):
                assert stub.Check(health_pb2.HealthCheckRequest(service=service)).status == 1
            with pytest.raises(grpc.RpcError) as refusal:
                stub.Check(health_pb2.HealthCheckRequest(service="nope"))
            assert refusal.value.code() == grpc.StatusCode.NOT_FOUND
            watch = stub.Watch(health_pb2.HealthCheckRequest())
            assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
            server.tell_to_stop()
            assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
            assert stub.Check(health_pb2.HealthCheckRequest(service="liveness")).status == 1
            with pytest.raises(grpc.RpcError) as end:
                next(watch)
            assert end.value.code() == grpc.StatusCode.UNAVAILABLE
        wait_until(lambda: not server.is_running, "the server to end")
        assert server.process.returncode == 0
    finally:
        server.end()
