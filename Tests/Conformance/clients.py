#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks a running server with clients that others wrote, unchanged, and compares what they read.

    swiftlet serve Models/iris --port 8080 &
    python clients.py http://127.0.0.1:8080
"""
import json
import sys

import boto3
import numpy as np
import prometheus_client.openmetrics.parser as openmetrics
import prometheus_client.parser as prometheus
import requests
import tritonclient.http as triton

URL = sys.argv[1]
ROWS = np.array([[5.1, 3.5, 1.4, 0.2], [6.0, 3.0, 5.0, 2.0]], dtype=np.float32)


def predicted_by_triton():
    """tritonclient: JSON and bytes in both directions, gzip, deflate, asynchronous; metadata, statistics, index."""
    client = triton.InferenceServerClient(URL.removeprefix("http://"))
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("iris")
    assert client.get_server_metadata()["name"] == "swiftlet"
    metadata = client.get_model_metadata("iris")
    assert metadata["inputs"][0]["shape"] == [-1, 4], metadata
    assert {"name": "iris", "version": "1", "state": "READY", "reason": ""} in client.get_model_repository_index()
    answers = []
    for binary_in in (True, False):
        tensor = triton.InferInput("x", list(ROWS.shape), "FP32")
        tensor.set_data_from_numpy(ROWS, binary_data=binary_in)
        for binary_out in (True, False, None):
            outputs = None
            if binary_out is not None:
                outputs = [triton.InferRequestedOutput(n, binary_data=binary_out) for n in ("probabilities", "label")]
            for encoding in (None, "gzip", "deflate"):
                answers.append(client.infer(
                    "iris", [tensor], outputs=outputs, request_id="7",
                    request_compression_algorithm=encoding, response_compression_algorithm=encoding))
        answers.append(client.async_infer("iris", [tensor], request_id="7").get_result())
    for answer in answers:
        assert answer.get_response()["id"] == "7"
        np.testing.assert_allclose(answer.as_numpy("probabilities"), answers[0].as_numpy("probabilities"), atol=1e-6)
        labels = [v.decode() if isinstance(v, bytes) else v for v in answer.as_numpy("label").ravel()]
        assert labels == ["setosa", "virginica"], labels
    holed = ROWS.copy()
    holed[0, 1] = np.nan
    tensor = triton.InferInput("x", [2, 4], "FP32")
    tensor.set_data_from_numpy(holed, binary_data=False)  # writes the literal NaN into its JSON
    assert client.infer("iris", [tensor]).as_numpy("label").shape == (2, 1)
    top = triton.InferRequestedOutput("probabilities", class_count=2)
    first = client.infer("iris", [tensor], outputs=[top]).as_numpy("probabilities")[0][0]
    assert first.decode().endswith(":0:setosa"), first
    assert client.get_inference_statistics("iris")["model_stats"][0]["inference_count"] > 0
    assert client.get_model_config("iris")["name"] == "iris"
    try:
        wrong = triton.InferInput("x", [1, 3], "FP32")
        wrong.set_data_from_numpy(np.zeros((1, 3), np.float32))
        client.infer("iris", [wrong])
        raise AssertionError("a wrong shape was answered")
    except triton.InferenceServerException as error:
        assert "Expected [-1,4], got [1,3]" in str(error), error
    return answers[0].as_numpy("probabilities")


def predicted_by_boto3():
    """boto3's SageMaker runtime: CSV and JSON."""
    client = boto3.client(
        "sagemaker-runtime", endpoint_url=URL, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
    table = client.invoke_endpoint(EndpointName="iris", ContentType="text/csv", Body=b"5.1,3.5,1.4,0.2\n6,3,5,2\n")
    assert table["Body"].read() == b"setosa\nvirginica\n"
    body = json.dumps({"instances": [{"features": row} for row in ROWS.tolist()]})
    answer = client.invoke_endpoint(EndpointName="iris", ContentType="application/json", Body=body)
    predictions = json.loads(answer["Body"].read())["predictions"]
    assert [p["predicted_label"] for p in predictions] == ["setosa", "virginica"]


def predicted_by_documented_requests(probabilities):
    """The requests that the documentation of KServe, TensorFlow Serving, MLflow and Azure ML shows."""
    rows = ROWS.tolist()
    answer = requests.post(f"{URL}/v1/models/iris:predict", json={"instances": rows}).json()
    np.testing.assert_allclose([p["probabilities"] for p in answer["predictions"]], probabilities, atol=1e-5)
    columns = ["sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm"]
    body = {"dataframe_split": {"columns": columns, "data": rows}}
    path = "/endpoints/iris/invocations"
    assert requests.post(URL + path, json=body).json() == {"predictions": ["setosa", "virginica"]}
    assert requests.get(f"{URL}/").json()["status"] == "alive"
    assert requests.get(f"{URL}/v2/health/live").json()["live"] is True
    assert requests.get(f"{URL}/v1/models/iris").json()["ready"] is True
    assert requests.get(f"{URL}/ping").content == b""


def metrics_are_read():
    """Both parsers of Prometheus's own client, the second of which is strict."""
    plain = requests.get(f"{URL}/metrics")
    assert any(f.name == "swiftlet_requests" for f in prometheus.text_string_to_metric_families(plain.text))
    strict = requests.get(f"{URL}/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert any(f.name == "swiftlet_requests" for f in openmetrics.text_string_to_metric_families(strict.text))


probabilities = predicted_by_triton()
predicted_by_boto3()
predicted_by_documented_requests(probabilities)
metrics_are_read()
print("all clients agree")
