# SPDX-License-Identifier: Apache-2.0
"""Writes PyTorchGolden.swift: an MLP's outputs, loss and gradients, and ten steps of each optimizer.

pip install torch==2.13.0 numpy
python3 Tests/SwiftletNNTests/Golden/make_golden.py      (in the project's folder)
swift format -i Tests/SwiftletNNTests/PyTorchGolden.swift
"""
import torch

torch.manual_seed(0)
X = torch.randn(6, 4)
LABELS = [0, 2, 1, 1, 0, 2]


def model():
    torch.manual_seed(1)
    return torch.nn.Sequential(
        torch.nn.Linear(4, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4), torch.nn.Tanh(), torch.nn.Linear(4, 3)
    )


def flat(tensors):
    return "[" + ", ".join(f"{v:.8g}" for t in tensors for v in t.detach().flatten().tolist()) + "]"


lines = ["// SPDX-License-Identifier: Apache-2.0", "//", "// Written by Golden/make_golden.py with PyTorch 2.13.0; do not edit.", ""]
lines += ["/// What PyTorch computes for an MLP 4-5-4-3 with ReLU and tanh, from the same weights.", "enum PyTorchGolden {"]
net = model()
lines += [f"  static let input: [Float] = {flat([X])}", f"  static let labels: [Int32] = {LABELS}"]
lines += [f"  static let parameters: [Float] = {flat(net.parameters())}"]
out = net(X)
loss = torch.nn.functional.cross_entropy(out, torch.tensor(LABELS))
loss.backward()
lines += [f"  static let outputs: [Float] = {flat([out])}", f"  static let loss: Float = {loss.item():.8g}"]
lines += [f"  static let gradients: [Float] = {flat([p.grad for p in net.parameters()])}", ""]
lines += ["  /// The parameters after ten steps."]
for name, make in [
    ("sgd", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)),
    ("plainSGD", lambda p: torch.optim.SGD(p, lr=0.1)),
    ("sgdMomentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    ("adam", lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1)),
    ("adamW", lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1)),
]:
    net = model()
    optimizer = make(net.parameters())
    for _ in range(10):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(X), torch.tensor(LABELS)).backward()
        optimizer.step()
    lines += [f"  static let {name}: [Float] = {flat(net.parameters())}"]
x = torch.randn(2, 6)
norm = torch.nn.LayerNorm(6)
lines += [f"  static let normInput: [Float] = {flat([x])}", f"  static let layerNorm: [Float] = {flat([norm(x)])}"]
lines += [f"  static let gelu: [Float] = {flat([torch.nn.functional.gelu(x)])}", "}"]
with open("Tests/SwiftletNNTests/PyTorchGolden.swift", "w") as file:
    file.write("\n".join(lines) + "\n")
