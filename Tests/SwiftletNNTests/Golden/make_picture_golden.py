# SPDX-License-Identifier: Apache-2.0
"""Writes PictureGolden.swift: outputs, loss and gradients of a small convolutional network.

pip install torch==2.13.0 numpy
python3 Tests/SwiftletNNTests/Golden/make_picture_golden.py      (in the project's folder)
swift format -i Tests/SwiftletNNTests/PictureGolden.swift
"""
import torch

LABELS = [2, 0, 1]
torch.manual_seed(3)
pictures = torch.randn(len(LABELS), 2 * 6 * 5)
network = torch.nn.Sequential(
    torch.nn.Unflatten(1, (2, 6, 5)), torch.nn.Conv2d(2, 6, 3, padding=1), torch.nn.GroupNorm(3, 6), torch.nn.ReLU(),
    torch.nn.MaxPool2d(2), torch.nn.Conv2d(6, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 4, 1),
    torch.nn.Tanh(), torch.nn.Flatten(), torch.nn.Linear(4 * 3 * 2, 3))
with torch.no_grad():  # ones and zeros would not tell one channel from another
    network[2].weight.uniform_(0.5, 1.5)
    network[2].bias.uniform_(-0.5, 0.5)
outputs = network(pictures)
loss = torch.nn.functional.cross_entropy(outputs, torch.tensor(LABELS))
loss.backward()


def flat(tensors):
    return "[" + ", ".join(f"{v:.8g}" for t in tensors for v in t.detach().flatten().tolist()) + "]"


names = ", ".join(f'"{name}"' for name, _ in network.named_parameters())
lines = [
    "// SPDX-License-Identifier: Apache-2.0", "//",
    f"// Written by Golden/make_picture_golden.py with PyTorch {torch.__version__.split('+')[0]}; do not edit.", "",
    "/// What PyTorch computes for three pictures of 2 channels, 6 by 5 pixels, from the same weights.",
    "enum PictureGolden {",
    f"  static let pictures: [Float] = {flat([pictures])}",
    f"  static let labels: [Int32] = {LABELS}",
    f"  static let names = [{names}]",
    f"  static let parameters: [Float] = {flat(network.parameters())}",
    f"  static let outputs: [Float] = {flat([outputs])}",
    f"  static let loss: Float = {loss.item():.8g}",
    f"  static let gradients: [Float] = {flat([p.grad for p in network.parameters()])}",
    "}"]
with open("Tests/SwiftletNNTests/PictureGolden.swift", "w") as file:
    file.write("\n".join(lines) + "\n")
