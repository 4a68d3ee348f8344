# SPDX-License-Identifier: Apache-2.0
"""Runs, asked back from a server of MLflow by MLflow's own client."""
import csv
import json
import math
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import mlflow
import pytest

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class Server:
    """A server of MLflow on loopback."""

    def __init__(self, folder: pathlib.Path, *arguments: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [
            sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts"),
            *arguments]
        self.log = (folder / "server.log").open("w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None, (folder / "server.log").read_text()
                time.sleep(0.1)
        raise AssertionError("the server of MLflow does not begin")

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


def swiftlet(*words: str, folder: pathlib.Path, **environment: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    return subprocess.run(
        [os.environ["SWIFTLET"], *words], cwd=folder, env=clean | environment, capture_output=True, text=True,
        timeout=120)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    mlflow.set_tracking_uri(server.url)
    yield server
    server.end()


MLP = [str(PROJECT / "Datasets/iris"), "--model", "mlp", "--set", "split.validation=0.2", "--epochs", "30", "--quiet"]


def test_a_training_is_found_with_parameters_metrics_artifacts_and_data(server, tmp_path):
    said = swiftlet("train", *MLP, "--mlflow", server.url, "--mlflow-register", "flowers", folder=tmp_path)
    assert said.returncode == 0 and said.stderr == ""
    found = mlflow.search_runs(experiment_names=["iris"])
    assert len(found) == 1
    run = found.iloc[0]
    assert run["status"] == "FINISHED" and run["params.model.kind"] == "mlp"
    model = json.loads((tmp_path / "Models/iris/model.json").read_text())["training"]
    for name, value in model["metrics"]["test"].items():
        assert run[f"metrics.test/{name}"] == pytest.approx(value, rel=1e-12)
    client = mlflow.MlflowClient()
    history = list(csv.DictReader((tmp_path / "Models/iris/history.csv").open()))
    points = client.get_metric_history(run["run_id"], "train_loss")
    assert [point.step for point in points] == [int(row["epoch"]) for row in history]
    assert [point.value for point in points] == pytest.approx([float(row["train_loss"]) for row in history], rel=1e-5)

    names = {item.path for item in client.list_artifacts(run["run_id"], "model")}
    assert names == {f"model/{name}" for name in ("README.md", "history.csv", "model.json", "model.safetensors")}
    sent = client.download_artifacts(run["run_id"], "model/model.safetensors", str(tmp_path))
    assert pathlib.Path(sent).read_bytes() == (tmp_path / "Models/iris/model.safetensors").read_bytes()
    recipe = json.loads(pathlib.Path(client.download_artifacts(run["run_id"], "recipe.json", str(tmp_path))).read_text())
    assert recipe == model["recipe"]

    full = client.get_run(run["run_id"])
    [data] = full.inputs.dataset_inputs
    assert data.dataset.name == "iris" and model["data_sha256"].startswith(data.dataset.digest)
    assert full.data.tags["mlflow.note.content"].lstrip().startswith("#")
    [version] = client.search_model_versions("name='flowers'")
    assert version.run_id == run["run_id"]


SEARCH = [
    "tune", str(PROJECT / "Datasets/iris"), "--model", "mlp", "--epochs", "12", "--trials", "9", "--folds", "3", "--set",
    "split.validation=0.2", "--quiet", "--json"]


def test_a_search_is_one_run_with_its_trials_nested_in_it(server, tmp_path):
    for words in [[], ["--force"]]:  # the second time all trials are there, and nothing is sent twice
        said = swiftlet(*SEARCH, *words, "--mlflow", server.url, folder=tmp_path, MLFLOW_EXPERIMENT_NAME="searches")
        assert said.returncode == 0 and said.stderr == "", said.stderr
        result = json.loads(said.stdout)
        runs = mlflow.search_runs(experiment_names=["searches"], output_format="list")
        assert {run.info.status for run in runs} == {"FINISHED"} and len(runs) == 10
    [study] = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    trials = {run.info.run_name: run for run in runs if run.data.tags.get("mlflow.parentRunId") == study.info.run_id}
    assert set(trials) == {f"trial-{index}" for index in range(9)}
    assert study.data.metrics["folds/log_loss"] == pytest.approx(result["winner"]["mean"], rel=1e-12)
    winner = trials[f"trial-{result['winner']['trial']}"]
    assert winner.data.metrics["folds/log_loss"] == pytest.approx(result["winner"]["mean"], rel=1e-12)
    for key, value in result["winner"]["settings"].items():
        given = winner.data.params[key]
        assert float(given) == pytest.approx(value, rel=1e-5) if isinstance(value, float) else given == json.dumps(value)
    client = mlflow.MlflowClient()
    for name, trial in trials.items():
        kept = json.loads((tmp_path / f"Models/iris.study/{name}.json").read_text())
        sent = client.get_metric_history(trial.info.run_id, "validation_log_loss")
        assert [(point.step, point.value) for point in sent] == [(rung["epochs"], rung["score"]) for rung in kept["rungs"]]
    names = {item.path for item in client.list_artifacts(study.info.run_id, "model")}
    assert "model/model.safetensors" in names


def begun(client: mlflow.MlflowClient, metric: str | None = None) -> mlflow.entities.Run:
    """The first run on a server, once it is there, and has a metric if one is asked for."""
    for _ in range(600):
        found = client.search_runs([each.experiment_id for each in client.search_experiments()])
        if found and (metric is None or metric in found[0].data.metrics):
            return found[0]
        time.sleep(0.05)
    raise AssertionError("no run begins")


def test_a_run_that_was_cut_off_is_one_warning_and_is_completed_later(server, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    mortal = Server(own)
    # A wide network, so that a few seconds are hundreds of points and not a hundred thousand.
    words = [
        "train", *MLP, "--hidden", "512,512", "--epochs", "200000", "--set", "training.early_stopping=0", "--mlflow",
        mortal.url]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    with subprocess.Popen(
            [os.environ["SWIFTLET"], *words], cwd=tmp_path, env=clean, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL, text=True) as process:
        assert begun(mlflow.MlflowClient(mortal.url), "train_loss").info.status == "RUNNING"
        mortal.end()
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    warnings = [line for line in errors.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 1 and warnings[0].startswith(f"warning: This run is not on {mortal.url} as a whole: ")
    assert process.returncode == 130 and (tmp_path / "Models/iris/model.json").exists()

    said = swiftlet("runs", "export", "--mlflow", server.url, folder=tmp_path, MLFLOW_EXPERIMENT_NAME="later")
    assert said.returncode == 0 and said.stdout == f"Sent 1 run to {server.url}.\n", said.stderr
    for _ in range(2):  # a second time changes nothing
        found = mlflow.search_runs(experiment_names=["later"])
        assert len(found) == 1 and found.iloc[0]["status"] == "KILLED"
        swiftlet("runs", "export", "--mlflow", server.url, "latest", folder=tmp_path, MLFLOW_EXPERIMENT_NAME="later")


def test_a_server_that_dies_during_a_short_training_does_not_spoil_it(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    mortal = Server(own)
    words = [
        os.environ["SWIFTLET"], "train", *MLP, "--epochs", "8000", "--set", "training.early_stopping=0", "--mlflow",
        mortal.url]
    with subprocess.Popen(
            words, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        begun(mlflow.MlflowClient(mortal.url))
        mortal.end()
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0 and errors.count("warning: ") == 1
    assert f"is not on {mortal.url} as a whole" in errors


def test_names_that_no_server_likes_are_made_to_fit(server, tmp_path):
    rows = "\n".join(f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(60))
    (tmp_path / "odd.csv").write_text(f"größe (cm)%,b/../c,label\n{rows}\n")
    said = swiftlet(
        "train", "odd.csv", "--target", "label", "--set", "columns.größe (cm)%=number", "--quiet", "--mlflow", server.url, folder=tmp_path)
    assert said.returncode == 0 and "mlflow" not in said.stderr.lower() and server.url not in said.stderr, said.stderr
    [run] = mlflow.search_runs(experiment_names=["odd"], output_format="list")
    assert run.info.status == "FINISHED"


def test_a_wrong_address_is_a_warning_and_a_malformed_one_an_error(server, tmp_path):
    said = swiftlet("train", *MLP, "--mlflow", server.url + "/nowhere", folder=tmp_path)
    assert said.returncode == 0 and re.search(r"answers with 404, and not as MLflow does", said.stderr)
    assert swiftlet("train", *MLP, "--mlflow", "sqlite:///x", folder=tmp_path).returncode == 64
    said = swiftlet("train", *MLP, "--force", folder=tmp_path, MLFLOW_TRACKING_URI="sqlite:///x")
    assert said.returncode == 0 and said.stderr.count("warning: ") == 1
