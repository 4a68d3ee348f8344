# SPDX-License-Identifier: Apache-2.0
"""The workloads and their bars: who is measured with whom, and what the ratio must be."""
from collections.abc import Callable

from contenders import Ratio, digits, ours, peer, take_turns
from report import Row


def same(checks: dict[str, float], within: float) -> None:
    """Stops where two contenders that should have done the same work have not."""
    low, high = min(checks.values()), max(checks.values())
    if high - low > within * abs(high):
        raise RuntimeError(f"the contenders did not do the same work: {checks}")


def mlp(pairs: int) -> list[Row]:
    """Training 784-256-128-10 on Fashion-MNIST, batches of 128, Adam."""
    found = take_turns(
        {"ours": ours("mlp"), "PyTorch": peer("mlp_torch.py"), "scikit-learn": peer("mlp_sklearn.py")}, pairs)
    same({name: turns.check for name, turns in found.items()}, within=0.2)
    us = found["ours"]
    rate = f"{digits(us.rate)} examples/s"
    rows = [
        Row.of("MLP training", rate, f"{name}: {digits(found[name].rate)} examples/s",
               Ratio.of(found[name].seconds, us.seconds), least=2.3)
        for name in ("PyTorch", "scikit-learn")]
    floor = Ratio.of(us.bare_seconds, us.seconds)
    bare = f"bare GEMMs: {digits(us.rate / floor.median)} examples/s"
    return rows + [Row.of("MLP training", rate, bare, floor, least=0.65, unit="of the GEMM floor")]


WORKLOADS: dict[str, Callable[[int], list[Row]]] = {
    "mlp": mlp,
}
