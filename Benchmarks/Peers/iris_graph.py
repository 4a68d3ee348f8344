# SPDX-License-Identifier: Apache-2.0
"""A model of scikit-learn as a graph of ONNX: logistic regression on the iris flowers, written by skl2onnx.

Argument   the file to write
"""
import sys

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

features, labels = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=1000).fit(features.astype(np.float32), labels)
# Without a ZipMap the probabilities are one matrix, which is what both servers answer with.
graph = to_onnx(model, features[:1].astype(np.float32), options={"zipmap": False}, target_opset=17)
with open(sys.argv[1], "wb") as file:
    file.write(graph.SerializeToString())
