# SPDX-License-Identifier: Apache-2.0
"""Training a network in PyTorch, in its best plain form: one epoch in batches, by Adam.

The data are float tensors already; an epoch shuffles their positions and takes its batches by index. Adam is the
fused one (adam=foreach or adam=forloop measures the others). The loss is read once per epoch, not per step.

Options   data=fashion rows=60000 threads=2 adam=fused, or data=digits for 64-64-10 in batches of 32
"""
import torch
from torch import nn

from data import digits
from turns import fashion_mnist, options, seconds, take_turns, threads

torch.set_num_threads(threads())
if options().get("data", "fashion") == "digits":
    (pixels, classes), sizes, batch_size, epochs = digits(), [64, 64, 10], 32, 10
else:
    pixels, classes = fashion_mnist(int(options().get("rows", "60000")))
    sizes, batch_size, epochs = [784, 256, 128, 10], 128, 1
features, labels = torch.from_numpy(pixels), torch.from_numpy(classes)
adam = {"fused": {"fused": True}, "foreach": {"foreach": True}, "forloop": {"foreach": False, "fused": False}}[
    options().get("adam", "fused")
]


def train(model: nn.Module) -> None:
    """Some epochs with a fresh optimizer."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, **adam)
    criterion = nn.CrossEntropyLoss()
    for _ in range(epochs):
        total = torch.zeros(())
        for batch in torch.randperm(len(features)).split(batch_size):
            loss = criterion(model(features[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach()
        total.item()


def measure() -> dict[str, object]:
    """Trains a fresh network; its loss on the first examples says what it has learned."""
    torch.manual_seed(7)
    layers: list[nn.Module] = []
    for input_size, output_size in zip(sizes, sizes[1:]):
        layers += [nn.ReLU()] * bool(layers) + [nn.Linear(input_size, output_size)]
    model = nn.Sequential(*layers)
    time = seconds(lambda: train(model))
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model(features[:10_000]), labels[:10_000]).item()
    return {"seconds": time, "count": len(features) * epochs, "unit": "examples", "check": loss}


take_turns(measure)
