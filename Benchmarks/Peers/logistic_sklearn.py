# SPDX-License-Identifier: Apache-2.0
"""Logistic regression in scikit-learn: ten classes, C = 1, 100 iterations of L-BFGS.

The objective that it minimizes is mean(log loss) + 1/(2 C n) · ‖W‖², biases not penalized; it is computed here in
64 bits from the coefficients, so that it is the same number as ours.

Options   rows=60000 threads=2 dtype=float32 (or float64)
"""
import warnings

import numpy as np
from scipy.special import logsumexp
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from turns import fashion_mnist, options, seconds, take_turns, threads

warnings.simplefilter("ignore", ConvergenceWarning)
threadpool_limits(threads())
features, labels = fashion_mnist(int(options().get("rows", "60000")))
features = features.astype(options().get("dtype", "float32"))


def objective(model: LogisticRegression) -> float:
    """What the fit has made small."""
    logits = features.astype(np.float64) @ model.coef_.astype(np.float64).T + model.intercept_
    loss = np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels])
    return float(loss + np.sum(model.coef_.astype(np.float64) ** 2) / (2 * len(labels)))


def measure() -> dict[str, object]:
    """Fits once, to 100 iterations."""
    model = LogisticRegression(C=1.0, max_iter=100, tol=1e-9)
    time = seconds(lambda: model.fit(features, labels))
    return {"seconds": time, "count": 1, "unit": "fits", "check": objective(model), "iterations": int(model.n_iter_[0])}


take_turns(measure)
