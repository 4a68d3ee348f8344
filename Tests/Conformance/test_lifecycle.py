# SPDX-License-Identifier: Apache-2.0
"""While clients ask without a pause a model is replaced, a broken one is put in its place, and the server is stopped:
no request fails.

The order of stopping is that of Kubernetes, "Pod Lifecycle", section "Pod termination": a pod that is not ready gets
no new requests, and those that it has are finished.
"""
import http.client
import json
import shutil
import signal
import threading
import time

import pytest
import requests

from server import ModelServer, swiftlet, wait_until


class Clients:
    """Threads that ask again and again, each on a connection that it keeps as long as the server does."""

    def __init__(self, server, body: dict, count: int = 6):
        self.server, self.body = server, json.dumps(body)
        self.failures: list[str] = []
        self.answers: list[dict] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _ask(self) -> None:
        connection = None
        while not self._over.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
                connection.request("POST", "/v1/models/iris:predict", self.body)
                response = connection.getresponse()
                answer = json.loads(response.read())
                if response.status == 200:
                    self.answers.append(answer)
                else:
                    self.failures.append(f"{response.status} {answer}")
                if response.will_close:
                    connection = None
            except Exception as error:  # whatever it is, a request has failed
                self.failures.append(repr(error))
                connection = None

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=20)


@pytest.fixture
def model(bundles, tmp_path):
    """A copy of iris, to be replaced."""
    shutil.copytree(bundles["iris"], tmp_path / "iris")
    return tmp_path / "iris"


def test_clients_notice(bundles, questions):
    server = ModelServer(bundles["iris"])
    clients = Clients(server, {"instances": questions["iris"].rows})
    wait_until(lambda: clients.answers, "an answer")
    server.end()
    wait_until(lambda: clients.failures, "a failure")
    clients.end()


def test_reload(model, questions):
    """Eight models, one after the other, exchanged on disk and announced by SIGHUP: every answer is one of theirs."""
    rows = questions["iris"].rows[:5]

    server = ModelServer(model, "--reload-seconds", "1")
    clients = Clients(server, {"instances": rows})
    try:
        wait_until(lambda: clients.answers, "an answer")
        for l2 in range(1, 9):
            known = server.log.count("loaded model=iris")
            swiftlet("train", "Datasets/iris", "--l2", l2, "--output", model, "--force", "--quiet")
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: server.log.count("loaded model=iris") > known, f"model {l2}")
        # A broken one does not take the place of one that works.
        parameters = (model / "model.safetensors").read_bytes()
        (model / "model.safetensors").write_bytes(parameters[:-7])
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "error" in server.log or "warning" in server.log, "the refusal of a broken model")
        seen = len(clients.answers)
        wait_until(lambda: len(clients.answers) > seen + 20, "answers of the model that was there")
    finally:
        clients.end()
        server.end()
    assert clients.failures == []
    different = {json.dumps(answer) for answer in clients.answers}
    assert 2 < len(different) <= 9, f"{len(different)} models have answered"


def test_stop(model, questions):
    server = ModelServer(model, "--drain-seconds", "2")
    clients = Clients(server, {"instances": questions["iris"].rows})
    try:
        wait_until(lambda: len(clients.answers) > 20, "answers")
        server.tell_to_stop()
        wait_until(lambda: requests.get(f"{server.url}/v2/health/ready").status_code == 503, "not being ready")
        assert requests.get(f"{server.url}/v2/health/live").status_code == 200
        # Whoever watches the probe sends nothing more after a moment; until then everything is answered.
        asked = len(clients.answers)
        time.sleep(1)
        clients.end()
        assert len(clients.answers) > asked
        assert server.process.wait(timeout=10) == 0
    finally:
        clients.end()
        server.end()
    assert clients.failures == []
    for answer in clients.answers[:: max(1, len(clients.answers) // 50)]:
        questions["iris"].expect(labels=[row["label"] for row in answer["predictions"]])


def test_request_on_its_way_is_finished(model, questions):
    """Half of its body has come when the server is told to stop."""
    server = ModelServer(model, "--drain-seconds", "0")
    body = json.dumps({"instances": questions["iris"].rows}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.putrequest("POST", "/v1/models/iris:predict")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:100])
        time.sleep(0.3)
        server.tell_to_stop()
        time.sleep(0.3)
        connection.send(body[100:])
        answer = json.loads(connection.getresponse().read())
        questions["iris"].expect(labels=[row["label"] for row in answer["predictions"]])
        assert server.process.wait(timeout=10) == 0
    finally:
        server.end()
