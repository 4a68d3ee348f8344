# SPDX-License-Identifier: Apache-2.0
"""What the tests share: the models, a server for all of them, a server for one as a cloud starts it, the questions."""
import pytest

from questions import bundle_paths, image_question, question
from server import PROJECT, ModelServer

# The host under which KServe's documentation calls its example; a server on loopback has to be told of it.
KSERVE_HOST = "iris.kserve-test.example.com"


@pytest.fixture(scope="session")
def bundles(tmp_path_factory):
    return bundle_paths(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def questions(bundles):
    datasets = PROJECT / "Datasets"
    asked = [
        question(bundles["iris"], datasets / "iris/iris.csv", 150),
        question(bundles["digits"], datasets / "digits/digits.csv.gz", 20),
        question(bundles["breast-cancer"], datasets / "breast-cancer/breast_cancer.csv", 20),
        question(bundles["penguins"], datasets / "penguins/penguins.csv", 20),
        question(bundles["concrete"], datasets / "concrete/concrete.csv", 20),
        image_question(bundles["fashion-mini"], datasets / "fashion-mini/t10k-images-idx3-ubyte.gz", 8),
    ]
    return {each.model: each for each in asked}


@pytest.fixture(scope="session")
def server(bundles):
    server = ModelServer(*bundles.values(), "--allowed-hosts", KSERVE_HOST)
    yield server
    server.end()


@pytest.fixture(scope="session")
def url(server):
    return server.url


@pytest.fixture(scope="session")
def cloud(bundles):
    """One model, as a container of SageMaker, Vertex AI, Azure ML or MLflow has it."""
    routes = {
        "AIP_HEALTH_ROUTE": "/v1/endpoints/7/deployedModels/8",
        "AIP_PREDICT_ROUTE": "/v1/endpoints/7/deployedModels/8:predict"}
    server = ModelServer(bundles["iris"], environment=routes)
    yield server
    server.end()
