# SPDX-License-Identifier: Apache-2.0
"""A large table to read: Fashion-MNIST as a CSV of 785 columns, the label and 784 pixels."""
import gzip
from pathlib import Path

from contenders import FOLDER

IMAGES = Path("/usr/share/datasets/fashion-mnist")
ROWS, PIXELS = 60_000, 784


def fashion_csv(rows: int = ROWS) -> Path:
    """The file, written where it is absent."""
    path = FOLDER / f".build/fashion-mnist-{rows}.csv"
    if path.exists():
        return path
    pixels = gzip.open(IMAGES / "train-images-idx3-ubyte.gz").read()[16:]  # header
    labels = gzip.open(IMAGES / "train-labels-idx1-ubyte.gz").read()[8:]  # header
    text = [str(value) for value in range(256)]
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "w", encoding="utf-8") as file:
        file.write(",".join(["label"] + [f"pixel{i}" for i in range(PIXELS)]) + "\n")
        for row in range(rows):
            picture = pixels[row * PIXELS:(row + 1) * PIXELS]
            file.write(text[labels[row]] + "," + ",".join([text[value] for value in picture]) + "\n")
    unfinished.rename(path)
    return path
