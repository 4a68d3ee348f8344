# SPDX-License-Identifier: Apache-2.0
"""A fitted model of scikit-learn as a model of Swiftlet: the script of the page ComingFromScikitLearn."""
import json
import pathlib

import numpy as np
from safetensors.numpy import save_file


def save(path, columns, target, scaler, model):
    """Writes a StandardScaler and a LogisticRegression, Ridge, MLPClassifier or MLPRegressor as the folder `path`."""
    weights, biases = getattr(model, "coefs_", None), getattr(model, "intercepts_", None)
    if weights is None:
        weights, biases = [np.atleast_2d(model.coef_).T], [np.atleast_1d(model.intercept_)]
    layers, tensors, activation = [], {}, getattr(model, "activation", "identity").replace("logistic", "sigmoid")
    for weight, bias in zip(weights, biases):
        tensors[f"{len(layers)}.weight"] = np.ascontiguousarray(weight.T, np.float32)
        tensors[f"{len(layers)}.bias"] = bias.astype(np.float32)
        layers += [{"kind": "linear", "output": len(bias)}] + [{"kind": activation}] * (activation != "identity")
    network = layers if activation == "identity" else layers[:-1]
    parts = zip(columns, scaler.mean_.tolist(), scaler.scale_.tolist())
    pipeline = [{"name": name, "type": "number", "fill": mean, "offset": mean, "factor": 1 / scale} for name, mean, scale in parts]
    if hasattr(model, "classes_"):
        head = {"task": "classification", "threshold": 0.5, "signature": {"labels": [str(label) for label in model.classes_]}}
    else:
        head = {"task": "regression", "signature": {"targets": [{"name": target, "offset": 0, "factor": 1}]}}
    folder = pathlib.Path(path)
    folder.mkdir(parents=True)
    file = {"format": "swiftlet-model/2", "name": folder.name, "target": target, **head, "pipeline": pipeline, "kind": "mlp"}
    (folder / "model.json").write_text(json.dumps({**file, "network": network}))
    save_file(tensors, folder / "model.safetensors")
