# SPDX-License-Identifier: Apache-2.0
"""The document of the interface: valid, and what it says is so.

The calls follow python-openapi/openapi-spec-validator, README.rst, and schemathesis, "CLI reference". All checks of
schemathesis are on; the server is asked for at most three minutes.
"""
import copy
import subprocess

import openapi_spec_validator
import pytest
import requests

from server import ModelServer


@pytest.fixture(scope="module")
def document(url):
    return requests.get(f"{url}/openapi.json").json()


def test_document_is_valid(document):
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def test_validator_notices(document):
    fault = copy.deepcopy(document)
    next(iter(fault["paths"].values()))["get"]["responses"] = {"200": {"text": "a response needs a description"}}
    with pytest.raises(Exception):
        openapi_spec_validator.validate(fault)


def test_examples_really_predict(document, url):
    asked = 0
    for path, methods in document["paths"].items():
        for media_type, content in methods.get("post", {}).get("requestBody", {}).get("content", {}).items():
            examples = [content["example"]] if "example" in content else []
            examples += [example["value"] for example in content.get("examples", {}).values()]
            for example in examples:
                body = {"json": example} if media_type == "application/json" else {"data": example}
                reply = requests.post(url + path, headers={"Content-Type": media_type}, **body)
                assert reply.status_code == 200, f"{path}: {reply.text}"
                asked += 1
    assert asked > 6


def test_schemathesis_finds_nothing(bundles):
    """A server of its own, with a model of every kind: what it may be asked to do is nobody else's concern."""
    server = ModelServer(bundles["iris"], bundles["penguins"], bundles["concrete"])
    try:
        done = subprocess.run(
            ["schemathesis", "run", f"{server.url}/openapi.json", "--checks", "all", "--max-examples", "30",
             "--seed", "7", "--generation-database", "none", "--no-color"],
            capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert "No issues found" in done.stdout
        assert server.is_running
    finally:
        server.end()
