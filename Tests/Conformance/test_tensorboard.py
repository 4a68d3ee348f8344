# SPDX-License-Identifier: Apache-2.0
"""TensorBoard's own reader, and its page of settings, on what `train --tensorboard` wrote."""
import contextlib
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.plugins.hparams import metadata

from server import PROJECT


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A model, and the folder of its run."""
    folder = tmp_path_factory.mktemp("tensorboard")
    command = [
        os.environ["SWIFTLET"], "train", "Datasets/iris", "--model", "mlp", "--epochs", "40", "--set",
        "split.validation=0.2", "--quiet", "--no-track", "--output", str(folder / "iris"), "--tensorboard",
        str(folder / "runs")]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, timeout=120)
    [place] = (folder / "runs").iterdir()
    return folder / "iris", place


def accumulated(place: pathlib.Path) -> EventAccumulator:
    accumulator = EventAccumulator(str(place), size_guidance={"scalars": 0})
    accumulator.Reload()
    return accumulator


def test_every_epoch_is_read(run):
    model, place = run
    accumulator = accumulated(place)
    history = list(csv.DictReader((model / "history.csv").open(encoding="utf-8")))
    names = {"train_loss": "loss/train", "validation_loss": "loss/validation", "learning_rate": "learning_rate"}
    assert len(history) > 10
    for column, tag in names.items():
        points = accumulator.Scalars(tag)
        assert [point.step for point in points] == [int(row["epoch"]) for row in history]
        assert [point.value for point in points] == pytest.approx([float(row[column]) for row in history], rel=1e-5)


def test_figures_are_those_of_the_model(run):
    model, place = run
    figures = json.loads((model / "model.json").read_text(encoding="utf-8"))["training"]["metrics"]["test"]
    accumulator = accumulated(place)
    for name, value in figures.items():
        assert accumulator.Scalars(f"result/test_{name}")[-1].value == pytest.approx(value, rel=1e-6)


def test_the_page_of_settings_has_settings_metrics_and_an_end(run):
    _, place = run
    content = accumulated(place).summary_metadata
    messages = {tag: content[tag].plugin_data.content for tag in content if tag.startswith("_hparams_/")}
    assert set(messages) == {metadata.EXPERIMENT_TAG, metadata.SESSION_START_INFO_TAG, metadata.SESSION_END_INFO_TAG}
    experiment = metadata.parse_experiment_plugin_data(messages[metadata.EXPERIMENT_TAG])
    start = metadata.parse_session_start_info_plugin_data(messages[metadata.SESSION_START_INFO_TAG])
    end = metadata.parse_session_end_info_plugin_data(messages[metadata.SESSION_END_INFO_TAG])
    assert {info.name for info in experiment.hparam_infos} == set(start.hparams)
    assert start.hparams["training.learning_rate"].number_value > 0
    assert start.hparams["model.kind"].string_value == "mlp"
    assert {info.name.tag for info in experiment.metric_infos} >= {"loss/validation", "result/test_accuracy"}
    assert end.status == 1 and end.end_time_secs >= start.start_time_secs


def test_the_server_compares_runs_by_settings_and_metrics(run):
    _, place = run
    command = [
        sys.executable, "-m", "tensorboard.main", "--logdir", str(place.parent), "--host", "127.0.0.1", "--port", "0",
        "--load_fast", "false"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            url = next(match[0] for line in server.stderr if (match := re.search(r"http://127\.0\.0\.1:\d+/", line)))
            names = asked(url, "experiment", {"experimentName": ""})
            wanted = [info["name"] for info in names["metricInfos"]]
            body = {
                "experimentName": "", "startIndex": 0, "sliceSize": 10, "colParams": [],
                "allowedStatuses": ["STATUS_SUCCESS"]}
            [group] = asked(url, "session_groups", body)["sessionGroups"]
        finally:
            server.terminate()
    assert group["hparams"]["model.kind"] == "mlp"
    assert {"group": "", "tag": "result/test_accuracy"} in wanted
    values = {each["name"]["tag"]: each["value"] for each in group["metricValues"]}
    assert values["result/test_accuracy"] > 0.8 and 0 < values["loss/validation"] < 1


def asked(url: str, page: str, body: dict) -> dict:
    """An answer of the page of settings, once the server has read the files."""
    request = urllib.request.Request(
        f"{url}data/plugin/hparams/{page}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    for _ in range(100):
        with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=10) as answer:
            content = json.load(answer)
            if content.get("metricInfos") or content.get("sessionGroups"):
                return content
        time.sleep(0.2)
    raise AssertionError(f"{page} stays empty")


def test_every_check_sum_holds_and_a_damaged_byte_is_noticed(run, tmp_path):
    _, place = run
    [file] = place.iterdir()
    whole = len(list(RawEventFileLoader(str(file)).Load()))
    assert whole > 10
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / file.name).write_bytes(data)
    try:
        damaged = len(list(RawEventFileLoader(str(tmp_path / file.name)).Load()))
    except Exception:  # some versions stop at a wrong sum, others say that they leave the rest out
        damaged = 0
    assert damaged < whole
