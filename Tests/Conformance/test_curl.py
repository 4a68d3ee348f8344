# SPDX-License-Identifier: Apache-2.0
"""curl, as the documentation of other servers and clouds shows it, run by a shell.

Names of models, hosts and ports are ours, and where a document asks a model that adds, ours are asked for flowers;
the options, the headers, the paths and the forms of the bodies are theirs:

- KServe         docs, "Deploy your first Predictive AI service" and "Scikit-learn" (protocols v1 and v2)
- Triton         docs/getting_started/quickstart.md, docs/protocol/extension_*.md
- TF Serving     tensorflow_serving/g3doc/api_rest.md and docker.md
- SageMaker      aws/amazon-sagemaker-examples, scikit_bring_your_own/container/local_test/predict.sh
- Vertex AI      "Custom container requirements for inference", "Get online inferences from a custom trained model"
- Azure ML       azureml-examples, cli/endpoints/online/custom-container; "Deploy a custom container"
- MLflow         "Deploy MLflow model as a local inference server", section "Accepted input formats"
"""
import json
import os
import subprocess

import numpy as np
import pytest

from conftest import KSERVE_HOST

ROW = slice(0, 2)


@pytest.fixture(scope="module")
def shell(server, cloud, questions, tmp_path_factory):
    """Runs a line in a folder with the files that the documents send, and gives what it prints."""
    folder = tmp_path_factory.mktemp("curl")
    rows = questions["iris"].part(ROW).rows
    tensor = {"name": "features", "shape": [2, 4], "datatype": "FP32", "data": rows}
    files = {
        "iris-input.json": json.dumps({"instances": rows}),
        "iris-input-v2.json": json.dumps({"inputs": [tensor]}),
        "request.json": json.dumps({"instances": rows, "parameters": {}}),
        "payload.csv": questions["iris"].part(ROW).csv,
        "header.csv": ",".join(questions["iris"].columns) + "\n" + questions["iris"].part(ROW).csv,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    environment = os.environ | {
        "INGRESS_HOST": "127.0.0.1", "INGRESS_PORT": str(server.port), "SERVICE_HOSTNAME": KSERVE_HOST,
        "SERVER": server.address, "CLOUD": cloud.address, "ENDPOINT_KEY": "none", "TOKEN": "none"}

    def run(line: str) -> str:
        done = subprocess.run(
            ["bash", "-ec", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def status_of(shell, line: str) -> int:
    return int(shell(line.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)))


@pytest.fixture(scope="module")
def iris(questions):
    return questions["iris"].part(ROW)


def expect_rows(question, answer: str) -> None:
    """Rows of labels and probabilities."""
    rows = json.loads(answer)["predictions"]
    question.expect(labels=[row["label"] for row in rows], probabilities=[row["probabilities"] for row in rows])


def expect_tensors(question, answer: str) -> None:
    outputs = {output["name"]: output for output in json.loads(answer)["outputs"]}
    assert outputs["label"]["datatype"] == "BYTES" and outputs["probabilities"]["datatype"] == "FP32"
    question.expect(labels=outputs["label"]["data"], probabilities=outputs["probabilities"]["data"])


# KServe

def test_kserve_v1(shell, iris):
    expect_rows(iris, shell(
        'curl -v -H "Host: ${SERVICE_HOSTNAME}" -H "Content-Type: application/json" '
        '"http://${INGRESS_HOST}:${INGRESS_PORT}/v1/models/iris:predict" -d @./iris-input.json'))


def test_kserve_v2(shell, iris):
    expect_tensors(iris, shell(
        'curl -v -H "Host: ${SERVICE_HOSTNAME}" -H "Content-Type: application/json" '
        '-d @./iris-input-v2.json http://${INGRESS_HOST}:${INGRESS_PORT}/v2/models/iris/infer'))


def test_kserve_health(shell):
    host = 'curl -s -H "Host: ${SERVICE_HOSTNAME}" http://${INGRESS_HOST}:${INGRESS_PORT}'
    assert json.loads(shell(host + "/"))["status"] == "alive"
    assert json.loads(shell(host + "/v2/health/live"))["live"] is True
    assert json.loads(shell(host + "/v2/health/ready"))["ready"] is True
    assert json.loads(shell(host + "/v1/models/iris"))["ready"] is True
    assert "iris" in json.loads(shell(host + "/v1/models"))["models"]


# Triton

def test_triton(shell, iris):
    assert "HTTP/1.1 200 OK" in shell("curl -s -i ${SERVER}/v2/health/ready")
    assert {"name": "iris", "version": "1", "state": "READY", "reason": ""} in json.loads(
        shell("curl -s -X POST ${SERVER}/v2/repository/index"))
    assert json.loads(shell("curl -s ${SERVER}/v2/models/iris/config"))["name"] == "iris"
    answer = shell(
        """curl -s -X POST ${SERVER}/v2/models/iris/infer -d "$(cat iris-input-v2.json | """
        """sed 's/}$/,"outputs":[{"name":"probabilities","parameters":{"classification":1}}]}/')" """)
    top = json.loads(answer)["outputs"][0]["data"]
    iris.expect(labels=[text.split(":")[2] for text in top])


# TensorFlow Serving

def test_tensorflow_serving(shell, iris, questions):
    rows = json.dumps(iris.rows)
    expect_rows(iris, shell(
        f"curl -d '{{\"instances\": {rows}}}' -X POST http://${{SERVER}}/v1/models/iris:predict"))
    expect_rows(iris, shell(
        f"curl -d '{{\"signature_name\": \"serving_default\", \"instances\": {rows}}}' "
        "-X POST http://${SERVER}/v1/models/iris/versions/1:predict"))
    columns = {name: iris.column(name) for name in iris.columns}
    outputs = json.loads(shell(
        f"curl -d '{{\"inputs\": {json.dumps(columns)}}}' -X POST http://${{SERVER}}/v1/models/iris:predict"))["outputs"]
    iris.expect(labels=outputs["label"], probabilities=outputs["probabilities"])
    concrete = questions["concrete"].part(ROW)
    answer = shell(
        f"curl -d '{{\"instances\": {json.dumps(concrete.rows)}}}' -X POST http://${{SERVER}}/v1/models/concrete:predict")
    concrete.expect(numbers=json.loads(answer)["predictions"])


def test_tensorflow_serving_classify_and_regress(shell, iris, questions):
    body = json.dumps({"examples": iris.records})
    results = json.loads(shell(f"curl -d '{body}' -X POST http://${{SERVER}}/v1/models/iris:classify"))["results"]
    iris.expect(labels=[row[0][0] for row in results])
    named = [dict(row) for row in results]
    iris.expect(probabilities=[[row[label] for label in ("setosa", "versicolor", "virginica")] for row in named])
    concrete = questions["concrete"].part(ROW)
    body = json.dumps({"examples": concrete.records})
    answer = shell(f"curl -d '{body}' -X POST http://${{SERVER}}/v1/models/concrete:regress")
    concrete.expect(numbers=json.loads(answer)["results"])


def test_tensorflow_serving_status_and_metadata(shell):
    status = json.loads(shell("curl http://${SERVER}/v1/models/iris"))["model_version_status"]
    assert status == [{"version": "1", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}]
    metadata = json.loads(shell("curl http://${SERVER}/v1/models/iris/metadata"))
    assert metadata["model_spec"]["name"] == "iris"
    signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert [dim["size"] for dim in signature["inputs"]["features"]["tensor_shape"]["dim"]] == ["-1", "4"]


# SageMaker

def test_sagemaker(shell, iris):
    assert shell("curl -s -i http://${CLOUD}/ping").startswith("HTTP/1.1 200 OK")
    for file in ("payload.csv", "header.csv"):
        answer = shell(f'curl --data-binary @{file} -H "Content-Type: text/csv" -v http://${{CLOUD}}/invocations')
        iris.expect(labels=answer.splitlines())


# Vertex AI

def test_vertex(shell, iris):
    assert status_of(shell, "curl http://${CLOUD}/v1/endpoints/7/deployedModels/8") == 200
    answer = shell(
        'curl -X POST -H "Authorization: Bearer ${TOKEN}" -H "Content-Type: application/json; charset=utf-8" '
        '-d @request.json "http://${CLOUD}/v1/endpoints/7/deployedModels/8:predict"')
    expect_rows(iris, answer)


# Azure ML

def test_azure(shell, iris):
    assert status_of(shell, "curl http://${CLOUD}/") == 200
    answer = shell(
        'curl --request POST "http://${CLOUD}/score" --header "Authorization: Bearer ${ENDPOINT_KEY}" '
        '--header "Content-Type: application/json" --header "x-ms-client-request-id: 42" -i --data @iris-input.json')
    head, body = answer.split("\n\n" if "\n\n" in answer else "\r\n\r\n", 1)
    assert "x-ms-client-request-id: 42" in head
    iris.expect(labels=json.loads(body)["predictions"])


# MLflow

def test_mlflow(shell, iris):
    split = {"dataframe_split": {"columns": iris.columns, "data": iris.rows}}
    columns = {name: iris.column(name) for name in iris.columns}
    for body in (split, {"dataframe_records": iris.records}, {"inputs": columns}, {"inputs": iris.rows},
                 {"instances": iris.rows}):
        answer = shell(
            f"curl http://${{CLOUD}}/invocations -H 'Content-Type: application/json' -d '{json.dumps(body)}'")
        iris.expect(labels=json.loads(answer)["predictions"])
    answer = shell("curl http://${CLOUD}/invocations -H 'Content-Type: text/csv' --data-binary @header.csv")
    iris.expect(labels=answer.splitlines())
    assert status_of(shell, "curl http://${CLOUD}/health") == 200
    assert shell("curl -s http://${CLOUD}/version").strip() != ""


def test_mlflow_says_what_is_wrong(shell):
    answer = json.loads(shell(
        "curl http://${CLOUD}/invocations -H 'Content-Type: application/json' -d '{\"bad\": 1}'"))
    assert answer["error_code"] == "BAD_REQUEST" and "dataframe_split" in answer["message"]
    assert status_of(shell, "curl http://${CLOUD}/invocations -H 'Content-Type: text/plain' -d 1") == 415
    assert status_of(shell, "curl http://${CLOUD}/invocations") == 405


# The lines that the server prints itself

def test_lines_of_the_greeting(bundles, questions):
    from server import PROGRAM, PROJECT

    with subprocess.Popen([PROGRAM, "serve", str(bundles["iris"]), str(bundles["penguins"]), "--port", "0"],
                          cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        lines = []
        try:
            while len(lines) < 2:
                line = process.stdout.readline()
                assert line, "the server ended"
                if line.startswith("curl "):
                    lines.append(line)
            for line in lines:
                done = subprocess.run(["bash", "-ec", line], capture_output=True, text=True, timeout=30)
                row = json.loads(done.stdout)["predictions"][0]
                np.testing.assert_allclose(sum(row["probabilities"]), 1, atol=1e-5)
        finally:
            process.kill()
