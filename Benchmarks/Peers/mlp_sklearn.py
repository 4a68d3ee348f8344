# SPDX-License-Identifier: Apache-2.0
"""Training a network in scikit-learn: MLPClassifier with hidden layers 256 and 128, batches of 128, by Adam, one epoch.

Options   rows=60000 threads=2
"""
import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from turns import fashion_mnist, options, seconds, take_turns, threads

warnings.simplefilter("ignore", ConvergenceWarning)
threadpool_limits(threads())
features, labels = fashion_mnist(int(options().get("rows", "60000")))


def measure() -> dict[str, object]:
    """Trains a fresh network for an epoch. No penalty, and no end before the epoch's."""
    model = MLPClassifier((256, 128), batch_size=128, alpha=0, max_iter=1, n_iter_no_change=10, random_state=7)
    time = seconds(lambda: model.fit(features, labels))
    loss = log_loss(labels[:10_000], model.predict_proba(features[:10_000]), labels=range(10))
    return {"seconds": time, "count": len(features), "unit": "examples", "check": loss}


take_turns(measure)
