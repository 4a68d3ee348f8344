#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains every data set with seeds 1 to 5 and prints the median of its test metrics beside their bars.

usage: Benchmarks/accuracy.py [--threads N] [--validation] [--set KEY=VALUE ...] [NAME[/KIND] ...]

After `swift build -c release`, or with a program named by SWIFTLET. What takes an hour is trained only if it is named.
Ends with 1 where a bar is not reached. The bars are those that scikit-learn's figures on the same splits suggest.

A setting is chosen without a look at the test rows: `--validation` judges on a fifth of the training rows, which it
keeps from the training, and shows every seed; there the bars stand beside the figures and decide nothing.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("SWIFTLET", ".build/release/swiftlet")
TOYS = {name: [("mlp", {"accuracy": 0.95}, [])] for name in ("moons", "circles", "spirals", "xor", "blobs")}
ERRORS = {"rmse"}  # their bars are above them, the others' below
FOUR_COLUMNS = ["--set", "features={include: [front, left, right, back]}"]


def cnn(name):
    """The flags for the recipe of a convolutional network, which stands beside a data set's own."""
    return ["--recipe", f"Datasets/{name}/cnn.yaml"]


BARS = {
    "iris": [("logistic", {"accuracy": 0.90}, []), ("mlp", {"accuracy": 0.90}, [])],
    "wine": [("logistic", {"accuracy": 0.94}, []), ("mlp", {"accuracy": 0.94}, [])],
    "penguins": [("logistic", {"accuracy": 0.97}, []), ("mlp", {"accuracy": 0.97}, [])],
    "digits": [("logistic", {"accuracy": 0.94}, []), ("mlp", {"accuracy": 0.955}, [])],
    "fashion-mini": [("logistic", {"accuracy": 0.80}, []), ("mlp", {"accuracy": 0.82}, []),
                     ("cnn", {"accuracy": 0.885}, cnn("fashion-mini"))],
    "breast-cancer": [(kind, {"accuracy": 0.96, "roc_auc": 0.99}, []) for kind in ("logistic", "mlp")],
    "heart-disease": [(kind, {"accuracy": 0.78, "roc_auc": 0.88}, []) for kind in ("logistic", "mlp")],
    "imu-exercises": [(kind, {"accuracy": 0.79}, []) for kind in ("logistic", "mlp")],
    "german-credit": [(kind, {"accuracy": 0.72, "roc_auc": 0.74}, []) for kind in ("logistic", "mlp")],
    "phishing": [("logistic", {"accuracy": 0.88, "roc_auc": 0.95}, []), ("mlp", {"accuracy": 0.90, "roc_auc": 0.95}, [])],
    "concrete": [("linear", {"r2": 0.57}, []), ("mlp", {"r2": 0.88}, [])],
    "bikes": [("linear", {"r2": 0.65}, []), ("mlp", {"r2": 0.90}, [])],
    "wage": [("linear", {"r2": 0.31}, []), ("mlp", {"r2": 0.31}, [])],
    "card-fraud": [("logistic", {"average_precision": 0.58}, []), ("mlp", {"average_precision": 0.70}, [])],
    "shop-sessions": [(kind, {"roc_auc": 0.87}, []) for kind in ("logistic", "mlp")],
    "wall-follow": [("mlp", {"accuracy": 0.84}, []), ("mlp", {"accuracy": 0.95}, FOUR_COLUMNS)],
    "arm": [("mlp", {"shoulder_rad.r2": 0.99, "elbow_rad.r2": 0.99}, [])],
    "lane-camera": [("mlp", {"r2": 0.93}, []), ("cnn", {"r2": 0.985}, cnn("lane-camera"))],
    "road-signs": [("cnn", {"accuracy": 0.985}, [])],
    "ratings": [("factors", {"rmse": 0.70, "recall@10": 0.235, "ndcg@10": 0.195}, [])],
    **TOYS,
}
LARGE = {"fashion-mnist": [("cnn", {"accuracy": 0.92}, cnn("fashion-mnist"))]}


def judged(name, kind, seed, extra, arguments, folder):
    """Trains once, and returns the metrics on the rows that judge."""
    command = [PROGRAM, "train", f"Datasets/{name}", "--model", kind, "--seed", str(seed), "--json", "--quiet"]
    command += ["--force", "--output", f"{folder}/model"] + extra
    if arguments.threads:
        command += ["--threads", arguments.threads]
    if arguments.validation:
        command += ["--set", "split.validation=0.2"]
    for setting in arguments.set:
        command += ["--set", setting]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{run.stderr}")
    return json.loads(run.stdout)["metrics"]["validation" if arguments.validation else "test"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME[/KIND]")
    parser.add_argument("--threads", help="threads of a training")
    parser.add_argument("--validation", action="store_true", help="judge on rows kept from the training")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the recipe")
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for asked in arguments.names or BARS:
            name, _, only = asked.partition("/")
            for kind, bars, extra in (BARS | LARGE)[name]:
                if only not in ("", kind):
                    continue
                results = [judged(name, kind, seed, extra, arguments, folder) for seed in range(1, 6)]
                for metric, bar in bars.items():
                    values = [result[metric] for result in results]
                    median = statistics.median(values)
                    missed = median > bar if metric in ERRORS else median < bar
                    verdict = ("ABOVE" if metric in ERRORS else "BELOW") if missed else "ok"
                    failed += missed
                    if arguments.validation:
                        verdict = "validation: " + " ".join(f"{value:.4f}" for value in values)
                    note = " (four columns)" if extra == FOUR_COLUMNS else ""
                    print(f"{name:14} {kind + note:22} {metric:18} {median:.4f}  bar {bar:<6} {verdict}", flush=True)
    sys.exit(1 if failed and not arguments.validation else 0)


if __name__ == "__main__":
    main()
