# SPDX-License-Identifier: Apache-2.0
"""Intel's client of the TensorFlow Serving interface. It asks for version 0, by which it means the latest.

The calls follow openvinotoolkit/model_server, client/python/ovmsclient/lib/docs/http_client.md.
"""
import numpy as np
import pytest
from ovmsclient import make_http_client
from ovmsclient.tfs_compat.base.errors import InvalidInputError, ModelNotFoundError


@pytest.fixture(scope="module")
def client(server):
    return make_http_client(server.address)


def test_classes(client, questions):
    question = questions["iris"]
    answer = client.predict({"features": question.features}, "iris")
    question.expect(labels=answer["label"], probabilities=answer["probabilities"])
    columns = {name: np.array(question.column(name), np.float32) for name in question.columns}
    answer = client.predict(columns, "iris", model_version=1)
    question.expect(labels=answer["label"], probabilities=answer["probabilities"])


def test_regression(client, questions):
    """One output comes without its name."""
    question = questions["concrete"]
    question.expect(numbers=client.predict({"features": question.features}, "concrete"))


def test_columns_of_every_type(client, questions):
    question = questions["penguins"].part(slice(2, None))  # without the first two, which have holes
    answer = client.predict({name: question.column(name) for name in question.columns}, "penguins")
    question.expect(labels=answer["label"], probabilities=answer["probabilities"])


def test_status_and_metadata(client):
    assert client.get_model_status("iris") == {1: {"state": "AVAILABLE", "error_code": 0, "error_message": ""}}
    metadata = client.get_model_metadata("iris")
    assert metadata["model_version"] == 1
    assert metadata["inputs"]["features"]["shape"] == [-1, 4]
    assert set(metadata["outputs"]) == {"label", "probabilities"}


def test_refusals_are_errors_of_theirs(client, questions):
    with pytest.raises(ModelNotFoundError):
        client.get_model_status("nope")
    with pytest.raises(ModelNotFoundError):
        client.predict({"features": questions["iris"].features}, "iris", model_version=9)
    with pytest.raises(InvalidInputError):
        client.predict({"features": questions["concrete"].features}, "iris")
