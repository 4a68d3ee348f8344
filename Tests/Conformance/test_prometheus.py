# SPDX-License-Identifier: Apache-2.0
"""The metrics, read by Prometheus's own Python client, by its strict parser of OpenMetrics, and judged by promtool.

The calls follow prometheus/client_python, docs/content/parser, and `promtool check metrics --help`.
"""
import subprocess

import prometheus_client.openmetrics.parser as openmetrics
import prometheus_client.parser as prometheus
import pytest
import requests

from server import ModelServer

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@pytest.fixture(scope="module")
def asked(bundles, questions):
    """A server with something to count: two models, three protocols, answers and refusals."""
    server = ModelServer(bundles["iris"], bundles["penguins"])
    rows = questions["iris"].rows
    for _ in range(3):
        requests.post(f"{server.url}/v1/models/iris:predict", json={"instances": rows}).raise_for_status()
    requests.post(f"{server.url}/v1/models/penguins:predict",
                  json={"instances": [questions["penguins"].records[0] | {"island": "Atlantis"}]}).raise_for_status()
    assert requests.post(f"{server.url}/v2/models/iris/infer", json={}).status_code == 400
    assert requests.get(f"{server.url}/no/such/path").status_code == 404
    yield server
    server.end()


def families(server, accept=None):
    reply = requests.get(f"{server.url}/metrics", headers={"Accept": accept} if accept else {})
    read = openmetrics if accept else prometheus
    return reply, {family.name: family for family in read.text_string_to_metric_families(reply.text)}


def value(family, name, **labels):
    return next(s.value for s in family.samples if s.name == name and labels.items() <= s.labels.items())


def test_text(asked, questions):
    reply, found = families(asked)
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    counts = found["swiftlet_requests"]
    assert value(counts, "swiftlet_requests_total", protocol="v1", model="iris", version="1", code="200") == 3
    assert value(counts, "swiftlet_requests_total", protocol="v2", model="iris", code="400") == 1
    assert value(found["swiftlet_inference_rows"], "swiftlet_inference_rows_total", model="iris") == 3 * len(
        questions["iris"].rows)
    assert value(found["swiftlet_executions"], "swiftlet_executions_total", model="iris") == 3


def test_openmetrics(asked):
    reply, found = families(asked, OPENMETRICS)
    assert reply.headers["Content-Type"] == OPENMETRICS and reply.text.endswith("# EOF\n")
    assert set(found) == set(families(asked)[1])


def test_strict_parser_notices(asked):
    text = families(asked, OPENMETRICS)[0].text
    for fault in (text.removesuffix("# EOF\n"), text + "late 1\n", text.replace("_total{", "{", 1)):
        with pytest.raises(ValueError):
            list(openmetrics.text_string_to_metric_families(fault))


def complaints(text: str) -> str:
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr if done.returncode == 0 else f"{done.returncode} {done.stdout}{done.stderr}"


def test_promtool_is_silent(asked):
    text = families(asked)[0].text
    assert complaints(text) == ""
    # and is not silent about a fault
    assert "no help text" in complaints("\n".join(l for l in text.splitlines() if not l.startswith("# HELP")) + "\n")


def test_names_from_requests_are_no_labels(asked):
    for number in range(20):
        requests.get(f"{asked.url}/v2/models/invented-{number}")
        requests.get(f"{asked.url}/invented-{number}", headers={"X-Request-Id": f"invented-{number}"})
    assert "invented" not in families(asked)[0].text
