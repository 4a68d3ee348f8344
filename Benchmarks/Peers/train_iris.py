# SPDX-License-Identifier: Apache-2.0
"""A whole process in scikit-learn: what `swiftlet train Datasets/iris` does, imports included.

Reads the file and its column of splits, standardizes, fits logistic regression, judges it on every split beside a
baseline, and saves the model. No import is made that the work does not need: no pandas.

Argument   the file to save the model to
"""
import csv
import sys

import joblib
import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

with open("Datasets/iris/iris.csv", encoding="utf-8") as file:
    rows = list(csv.reader(file))[1:]
features = np.array([row[:4] for row in rows], float)
labels = np.array([row[4] for row in rows])
is_train = np.array([row[5] == "train" for row in rows])

model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=100))
model.fit(features[is_train], labels[is_train])
baseline = DummyClassifier().fit(features[is_train], labels[is_train])
for name, part in [("train", is_train), ("test", ~is_train)]:
    probabilities = model.predict_proba(features[part])
    answers = model.predict(features[part])
    print(name, accuracy_score(labels[part], answers), log_loss(labels[part], probabilities),
          f1_score(labels[part], answers, average="macro"),
          roc_auc_score(labels[part], probabilities, multi_class="ovr"))
print("baseline", baseline.score(features[~is_train], labels[~is_train]))
joblib.dump(model, sys.argv[1])
