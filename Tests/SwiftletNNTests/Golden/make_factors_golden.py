# SPDX-License-Identifier: Apache-2.0
"""Writes FactorsGolden.swift: scores, loss and gradients of a matrix factorization, and its tables after ten steps of Adam.

pip install torch==2.13.0 numpy
python3 Tests/SwiftletNNTests/Golden/make_factors_golden.py      (in the project's folder)
swift format -i Tests/SwiftletNNTests/FactorsGolden.swift
"""
import torch

L2 = 0.05
torch.manual_seed(5)
# Pairs of a user and an item; a user and an item come twice, and each table has a row that nobody looks up.
codes = torch.tensor([[1, 2], [3, 1], [1, 3], [0, 1], [4, 0], [3, 2]])
ratings = torch.tensor([0.5, -1.0, 1.5, 0.25, -0.75, 2.0])
users = torch.nn.Embedding(6, 1 + 3)
items = torch.nn.Embedding(5, 1 + 3)
start = [table.weight.detach().clone() for table in (users, items)]


def scores():
    user, item = users(codes[:, 0]), items(codes[:, 1])
    return user[:, 0] + item[:, 0] + (user[:, 1:] * item[:, 1:]).sum(1)


def penalized():
    user, item = users(codes[:, 0]), items(codes[:, 1])
    squares = ((user * user).sum(1) + (item * item).sum(1)).mean()
    return torch.nn.functional.mse_loss(scores(), ratings) + L2 * squares


def flat(tensors):
    return "[" + ", ".join(f"{v:.8g}" for t in tensors for v in t.detach().flatten().tolist()) + "]"


loss = penalized()
loss.backward()
first = [scores()]
gradients = [table.weight.grad.clone() for table in (users, items)]
optimizer = torch.optim.Adam([users.weight, items.weight], lr=0.05)
for _ in range(10):
    optimizer.zero_grad()
    penalized().backward()
    optimizer.step()

lines = [
    "// SPDX-License-Identifier: Apache-2.0", "//",
    f"// Written by Golden/make_factors_golden.py with PyTorch {torch.__version__.split('+')[0]}; do not edit.", "",
    "/// What PyTorch computes for a matrix factorization of 6 users and 5 items by 3 factors, from the same tables.",
    "enum FactorsGolden {",
    f"  static let codes: [Float] = {flat([codes.float()])}",
    f"  static let ratings: [Float] = {flat([ratings])}",
    f"  static let l2: Float = {L2}",
    f"  static let tables: [Float] = {flat(start)}",
    f"  static let scores: [Float] = {flat(first)}",
    f"  static let loss: Float = {loss.item():.8g}",
    f"  static let gradients: [Float] = {flat(gradients)}",
    f"  static let afterAdam: [Float] = {flat([users.weight, items.weight])}",
    "}"]
with open("Tests/SwiftletNNTests/FactorsGolden.swift", "w") as file:
    file.write("\n".join(lines) + "\n")
