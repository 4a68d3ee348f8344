# SPDX-License-Identifier: Apache-2.0
"""Training a convolutional network in PyTorch: one epoch of Fashion-MNIST in batches of 64, by the fused Adam.

Options   layout=channels_last (or contiguous, its default) rows=20000 threads=2
"""
import torch
from torch import nn

from turns import fashion_mnist, options, seconds, take_turns, threads

torch.set_num_threads(threads())
layout = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}[
    options().get("layout", "channels_last")
]
pixels, classes = fashion_mnist(int(options().get("rows", "20000")))
features = torch.from_numpy(pixels).view(-1, 1, 28, 28).contiguous(memory_format=layout)
labels = torch.from_numpy(classes)


def network() -> nn.Module:
    """16 and 32 channels with a pool behind each, then 64 units."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1568, 64), nn.ReLU(), nn.Linear(64, 10)).to(memory_format=layout)


def train(model: nn.Module) -> None:
    """An epoch with a fresh optimizer."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    criterion = nn.CrossEntropyLoss()
    for batch in torch.randperm(len(features)).split(64):
        loss = criterion(model(features[batch].contiguous(memory_format=layout)), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def measure() -> dict[str, object]:
    """Trains a fresh network; its loss on the first pictures says what it has learned."""
    torch.manual_seed(7)
    model = network()
    time = seconds(lambda: train(model))
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model(features[:2000]), labels[:2000]).item()
    return {"seconds": time, "count": len(features), "unit": "examples", "check": loss}


take_turns(measure)
