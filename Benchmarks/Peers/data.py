# SPDX-License-Identifier: Apache-2.0
"""The small data sets of this repository, read as the other side reads them."""
import csv
import gzip

import numpy as np

from turns import ROOT


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Datasets/digits: pictures, [N, 64] from 0 to 1, and their labels, [N]."""
    with gzip.open(ROOT / "Datasets/digits/digits.csv.gz", "rt") as file:
        rows = list(csv.reader(file))[1:]
    pixels = np.array([row[:64] for row in rows], np.float32)
    return pixels / 16, np.array([row[64] for row in rows], np.int64)
