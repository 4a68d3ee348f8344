# SPDX-License-Identifier: Apache-2.0
"""Amazon's client of SageMaker endpoints, turned to this server by its endpoint_url.

The calls follow the reference of boto3, SageMakerRuntime.Client.invoke_endpoint, and the common data formats of
SageMaker's inference ("CSV", "JSON").
"""
import io
import json

import boto3
import numpy as np
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def invoke(url):
    client = boto3.client(
        "sagemaker-runtime", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")

    def invoke(model, media_type, body, **more):
        answer = client.invoke_endpoint(EndpointName=model, ContentType=media_type, Body=body, **more)
        return answer["Body"].read()

    return invoke


def test_csv(invoke, questions):
    """One line for a row, in its order, without a header."""
    for model in ("iris", "penguins"):
        question = questions[model]
        question.expect(labels=invoke(model, "text/csv", question.csv).decode().splitlines())
        header = ",".join(question.columns) + "\n"
        question.expect(labels=invoke(model, "text/csv", header + question.csv).decode().splitlines())
    answer = invoke("concrete", "text/csv", questions["concrete"].csv).decode()
    questions["concrete"].expect(numbers=[float(line) for line in answer.splitlines()])


def test_json(invoke, questions):
    question = questions["iris"]
    rows = {"instances": [{"features": row} for row in question.rows]}
    answer = json.loads(invoke("iris", "application/json", json.dumps(rows), Accept="application/json"))
    question.expect(labels=[row["predicted_label"] for row in answer["predictions"]])
    np.testing.assert_allclose([row["score"] for row in answer["predictions"]], question.probabilities, atol=1e-5)
    question.expect(labels=json.loads(
        invoke("iris", "application/json", json.dumps({"instances": question.rows})))["predictions"])


def test_npy(invoke, questions):
    question = questions["iris"]
    file = io.BytesIO()
    np.save(file, question.features)
    answer = invoke("iris", "application/x-npy", file.getvalue(), Accept="application/x-npy")
    question.expect(probabilities=np.load(io.BytesIO(answer)))
    answer = invoke("iris", "application/x-npy", file.getvalue(), Accept="application/json")
    question.expect(labels=json.loads(answer)["predictions"])


def test_refusals_are_errors_of_theirs(invoke):
    for model, body, status in (("iris", "5.1,3.5\n", 400), ("nope", "5.1,3.5,1.4,0.2\n", 404)):
        with pytest.raises(ClientError) as refusal:
            invoke(model, "text/csv", body)
        assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
