#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is a search honest, and is it fast? On German credit, with the release build.

  Benchmarks/tune.py [--program SWIFTLET] [--peer PYTHON]

Optimism is how much worse the winner is on the rows of the test than its mean over the folds said, in log loss, over five
splits. Those of the recipe, which nobody chose, is beside it: what both have is the luck of the test rows and of training on
more of them; what the winner has more is the curse of being chosen.

With --peer, a Python that has optuna 5.0.0 and scikit-learn 1.9.1, the same 27 trials of a network are run by Optuna with
scikit-learn's MLPClassifier, on one split and without folds; and by swiftlet, with 5 folds for the finalists.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = str(ROOT / "Datasets/german-credit")
# The file's own column of splits is left out, so that each seed has other rows for the test.
DEALT = ["--set", "split.column=none", "--set", "features={exclude: [split]}", "--set", "split.validation=0.25"]
NETWORK = ["--model", "mlp", "--epochs", "54", "--set", "training.early_stopping=0"]


def tuned(program: str, folder: str, words: list[str]) -> dict:
    command = [program, "tune", DATA, *words, "--output", f"{folder}/model", "--quiet", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def loss(program: str, words: list[str]) -> float:
    run = subprocess.run([program, *words, "--json"], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)["metrics"]["log_loss"]


def optimism(program: str, seed: int, words: list[str]) -> tuple[float, float, str]:
    """How much the folds flatter the winner, and the recipe."""
    own = [*words, *DEALT, "--set", f"split.seed={seed}"]
    with tempfile.TemporaryDirectory() as folder:
        result = tuned(program, folder, own)
        winner = loss(program, ["evaluate", f"{folder}/model"])
        trained = [program, "train", DATA, *own, "--no-track", "--quiet", "--output", f"{folder}/recipe"]
        subprocess.run(trained, check=True, capture_output=True)
        recipe = loss(program, ["evaluate", f"{folder}/recipe"])
    return winner - result["winner"]["mean"], recipe - result["recipe"]["mean"], result["verdict"]


def seconds(command: list[str], times: int) -> float:
    """The median of the seconds that a command takes; `{}` in it is a new folder."""
    taken = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            subprocess.run([word.replace("{}", folder) for word in command], check=True, capture_output=True)
            taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


PEER = '''
import csv, sys, optuna
from sklearn.compose import make_column_transformer
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
optuna.logging.set_verbosity(optuna.logging.WARNING)
import pandas
table = pandas.read_csv(sys.argv[1])
target = sys.argv[2]
y, x = table[target], table.drop(columns=[target, "split"])
numbers = x.select_dtypes("number").columns
encode = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), x.columns.difference(numbers)))
x, _, y, _ = train_test_split(x, y, test_size=0.2, stratify=y, random_state=1)
a, b, ya, yb = train_test_split(x, y, test_size=0.25, stratify=y, random_state=1)
a, b = encode.fit_transform(a), encode.transform(b)
def objective(trial):
    hidden = trial.suggest_categorical("hidden", ["32", "64", "64,32", "128,64"])
    model = MLPClassifier([int(h) for h in hidden.split(",")], learning_rate_init=trial.suggest_float("rate", 3e-4, 3e-2, log=True),
        alpha=trial.suggest_float("decay", 1e-6, 1e-2, log=True), batch_size=trial.suggest_categorical("batch", [16, 32, 64]),
        max_iter=54, n_iter_no_change=1000, random_state=trial.number)
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(a, ya)
    return log_loss(yb, model.predict_proba(b), labels=model.classes_)
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
study.optimize(objective, n_trials=27)
print(study.best_value)
'''


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/swiftlet"))
    parser.add_argument("--peer")
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    program = chosen.program
    reached = True
    for name, words in [("the recipe, a logistic regression", []), ("a network", NETWORK)]:
        found = [optimism(program, seed, words) for seed in range(1, 6)]
        winner, recipe = (statistics.mean(each[at] for each in found) for at in (0, 1))
        verdicts = ", ".join(sorted({each[2] for each in found}))
        print(f"{name}: optimism of the winner {winner:+.4f}, of the recipe {recipe:+.4f}; {verdicts}")
        print("  by split: " + " ".join(f"{each[0]:+.4f}/{each[1]:+.4f}" for each in found))
        reached = reached and winner <= 0.01
    tune = [program, "tune", DATA, "--output", "{}/model", "--quiet"]
    usual = seconds(tune, chosen.times)
    network = seconds([*tune, *NETWORK, *DEALT], chosen.times)
    print(f"27 trials and 5 folds: {usual:.2f} s with the recipe, {network:.2f} s with a network of 54 epochs (bar: 2 s)")
    reached = reached and usual <= 2
    if chosen.peer:
        file = next(pathlib.Path(DATA).glob("*.csv"))
        peer = seconds([chosen.peer, "-c", PEER, str(file), "credit_risk"], max(1, chosen.times // 2))
        print(f"Optuna and scikit-learn, 27 trials on one split: {peer:.2f} s, {peer / network:.1f} times as long (bar: 5)")
        reached = reached and peer / network >= 5
    return 0 if reached else 1


sys.exit(main())
