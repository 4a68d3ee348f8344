# SPDX-License-Identifier: Apache-2.0
"""The workloads and their bars: who is measured with whom, and what the ratio must be.

A ratio of speeds is the peer's seconds over ours: above 1 we are faster. The latencies of answers, and memory, are ours
over the other's.
"""
import gzip
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import serving as servers
from contenders import PRODUCTS, ROOT, Ratio, Turns, digits, duration, ours, peer, take_turns
from processes import alternate, run
from report import Row
from tables import PIXELS, ROWS, fashion_csv

SWIFTLET = str(PRODUCTS / "swiftlet")


def same(found: dict[str, Turns], within: float) -> None:
    """Stops where two contenders that should have done the same work have not."""
    checks = {name: turns.check for name, turns in found.items()}
    low, high = min(checks.values()), max(checks.values())
    if high - low > within * abs(high):
        raise RuntimeError(f"the contenders did not do the same work: {checks}")


def faster(title: str, unit: str, us: Turns, name: str, them: Turns, least: float) -> Row:
    """So many times as fast as a peer."""
    return Row.of(title, f"{digits(us.rate)} {unit}", f"{name}: {digits(them.rate)} {unit}",
                  Ratio.of(them.seconds, us.seconds), least=least)


def mlp(pairs: int) -> list[Row]:
    """Training 784-256-128-10 on Fashion-MNIST, batches of 128, by Adam."""
    found = take_turns(
        {"ours": ours("mlp"), "PyTorch": peer("mlp_torch.py", "adam=forloop"), "fused": peer("mlp_torch.py"),
         "scikit-learn": peer("mlp_sklearn.py")}, pairs)
    same(found, within=0.2)  # the losses after an epoch from other random weights
    us = found["ours"]
    title = "MLP training, 784-256-128-10, batch 128"
    floor = Ratio.of(us.bare_seconds, us.seconds)
    bare = f"bare GEMMs: {digits(us.rate / floor.median)} examples/s"
    return [
        faster(title, "examples/s", us, "PyTorch, its default Adam", found["PyTorch"], least=2.3),
        faster(title, "examples/s", us, "PyTorch, Adam(fused=True)", found["fused"], least=2.3),
        faster(title, "examples/s", us, "scikit-learn", found["scikit-learn"], least=2.3),
        Row.of(title, f"{digits(us.rate)} examples/s", bare, floor, least=0.85, unit="of the GEMM floor"),
    ]


def small_mlp(pairs: int) -> list[Row]:
    """Training 64-64-10 on the digits, batches of 32, by Adam."""
    found = take_turns({"ours": ours("small-mlp"), "PyTorch": peer("mlp_torch.py", "data=digits")}, pairs)
    same(found, within=0.2)
    return [faster("MLP training, 64-64-10, batch 32", "examples/s", found["ours"], "PyTorch", found["PyTorch"], least=8)]


def cnn(pairs: int) -> list[Row]:
    """Training 16 and 32 channels and 64 units on Fashion-MNIST, batches of 64, by Adam."""
    found = take_turns(
        {"ours": ours("cnn"), "channels_last": peer("cnn_torch.py"), "contiguous": peer("cnn_torch.py", "layout=contiguous"),
         "one thread": ours("cnn", "threads=1")}, pairs, {"one thread": 1})
    same(found, within=0.2)
    us = found["ours"]
    title = "CNN training, 28 × 28, 16-32-fc64, batch 64"
    gain = Ratio.of(found["one thread"].seconds, us.seconds)
    answers = []
    for batch in (1, 64, 1000):
        with tempfile.TemporaryDirectory() as folder:
            options = ["net=cnn", f"batch={batch}", f"model={folder}/model"]
            asked = take_turns({"ours": ours("inference", *options), "onnxruntime": peer("inference_onnx.py", *options)},
                               pairs)
        same(asked, within=1e-4)
        answers.append(
            Row.of(f"CNN answers, {batch:,} picture{'s' * (batch > 1)}", duration(asked["ours"].middle),
                   f"onnxruntime: {duration(asked['onnxruntime'].middle)}",
                   Ratio.of(asked["ours"].seconds, asked["onnxruntime"].seconds), most=1, unit="of its latency"))
    return [
        faster(title, "examples/s", us, "PyTorch, channels_last", found["channels_last"], least=1),
        faster(title, "examples/s", us, "PyTorch, its default", found["contiguous"], least=1.8),
        Row.of(f"{title}, from one thread to two", f"{digits(us.rate)} examples/s",
               f"one thread: {digits(found['one thread'].rate)} examples/s", gain, least=1.8),
        *answers,
    ]


def logistic(pairs: int) -> list[Row]:
    """Ten classes, 60,000 rows, L-BFGS: the time to the objective that scikit-learn reaches in 100 iterations."""
    found = take_turns({"ours": ours("logistic", "objective=0.3892"), "scikit-learn": peer("logistic_sklearn.py")},
                       min(pairs, 3), warm_up=False)
    same(found, within=0.01)
    us, them = found["ours"], found["scikit-learn"]
    return [Row.of("logistic regression, 60,000 × 784 × 10", f"{duration(us.middle)} to {us.check:.4f}",
                   f"scikit-learn: {duration(them.middle)} to {them.check:.4f}", Ratio.of(us.seconds, them.seconds),
                   most=0.1, unit="of its time")]


def iteration(pairs: int) -> list[Row]:
    """An iteration of L-BFGS, beside reading the matrix twice."""
    us = take_turns({"ours": ours("iteration")}, pairs)["ours"]
    ratio = Ratio.of(us.seconds, us.bare_seconds)
    return [Row.of("an L-BFGS iteration, 60,000 × 784 × 10", duration(us.middle),
                   f"reading the matrix twice: {duration(us.middle / ratio.median)}", ratio, most=1.5,
                   unit="of reading it twice")]


def inference(pairs: int) -> list[Row]:
    """Answers of a served model for 1, 64 and 1,000 rows, prepared before or from the 64-bit numbers of a request."""
    rows = []
    for batch in (1, 64, 1000):
        for source, title in (("features", "answers"), ("numbers", "answers from 64-bit numbers")):
            with tempfile.TemporaryDirectory() as folder:
                options = [f"batch={batch}", f"from={source}", f"model={folder}/model"]
                found = take_turns({"ours": ours("inference", *options),
                                    "onnxruntime": peer("inference_onnx.py", *options)}, pairs)
            same(found, within=1e-4)
            us, them = found["ours"], found["onnxruntime"]
            title, time = f"{title}, {batch:,} row{'s' * (batch > 1)}", duration(us.middle)
            rows.append(Row.of(title, time, f"onnxruntime: {duration(them.middle)}", Ratio.of(us.seconds, them.seconds),
                               most=1, unit="of its latency"))
            if source == "features":
                floor = Ratio.of(us.seconds, us.bare_seconds)
                rows.append(Row.of(title, time, f"bare GEMMs: {duration(us.middle / floor.median)}", floor,
                                   most=None if batch == 1 else 1.1, unit="of the GEMMs"))
    return rows


# The products of a training step: name, m, n, k, and which side is stored transposed.
STEP = [
    ("forward 1", 128, 256, 784, "right"), ("forward 2", 128, 128, 256, "right"), ("forward 3", 128, 10, 128, "right"),
    ("weight gradient 1", 256, 784, 128, "left"), ("weight gradient 2", 128, 256, 128, "left"),
    ("weight gradient 3", 10, 128, 128, "left"), ("input gradient 2", 128, 256, 128, ""),
    ("input gradient 3", 128, 128, 10, ""),
]


def matmul(pairs: int) -> list[Row]:
    """`matmul` beside cblas_sgemm called bare."""
    rows = []
    for title, m, n, k, side in [("1,024³", 1024, 1024, 1024, ""), *STEP]:
        transposed = [f"{side}=transposed"] if side else []
        us = take_turns({"ours": ours("matmul", f"m={m}", f"n={n}", f"k={k}", *transposed)}, pairs)["ours"]
        ratio = Ratio.of(us.bare_seconds, us.seconds)
        size = "" if title == "1,024³" else f" of a step, {m} × {n} × {k}"
        rows.append(Row.of(f"matmul, {title}{size}", f"{digits(us.rate)} GFLOP/s",
                           f"cblas_sgemm: {digits(us.rate / ratio.median)} GFLOP/s", ratio, least=0.97, unit="of its speed"))
    return rows


def csv(pairs: int) -> list[Row]:
    """Reading a CSV of 785 columns."""
    file = f"file={fashion_csv()}"
    found = take_turns({"ours": ours("csv", file), "pandas": peer("csv_pandas.py", file)}, pairs)
    same(found, within=1e-9)
    return [faster("reading a CSV of 785 columns", "MB/s", found["ours"], "pandas", found["pandas"], least=2)]


def process(pairs: int) -> list[Row]:
    """`swiftlet train Datasets/iris` from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        found = alternate({
            "ours": [SWIFTLET, "train", "Datasets/iris", "--quiet", "--force", "--output", f"{folder}/iris"],
            "scikit-learn": peer("train_iris.py", f"{folder}/iris.joblib")}, pairs)
    us, them = ([run.seconds for run in found[name]] for name in ("ours", "scikit-learn"))
    ratio = Ratio.of(them, us)
    return [Row.of("whole process, train Datasets/iris", duration(sorted(us)[len(us) // 2]),
                   f"scikit-learn: {duration(sorted(them)[len(them) // 2])}", ratio, least=10)]


def memory(pairs: int) -> list[Row]:
    """The most memory that training an epoch of Fashion-MNIST takes, and that reading a table takes."""
    pairs = min(pairs, 3)
    with tempfile.TemporaryDirectory() as folder:
        found = alternate({
            "ours": [SWIFTLET, "train", "Datasets/fashion-mnist", "--epochs", "1", "--quiet", "--force", "--output",
                     f"{folder}/model"],
            "PyTorch": peer("mlp_torch.py", "times=1")}, pairs)
    us, them = ([run.peak_bytes / 1e6 for run in found[name]] for name in ("ours", "PyTorch"))
    training = Row.of("peak memory, training on Fashion-MNIST", f"{digits(us[0])} MB", f"PyTorch: {digits(them[0])} MB",
                      Ratio.of(us, them), most=0.5, unit="of its memory")
    matrix = ROWS * (PIXELS + 1) * 4 / 1e6
    peaks = [run(ours("csv", f"file={fashion_csv()}", "times=1")).peak_bytes / 1e6 for _ in range(pairs)]
    table = Row.of("peak memory, reading a CSV of 785 columns", f"{digits(peaks[0])} MB",
                   f"its Float32 matrix: {digits(matrix)} MB", Ratio.of(peaks, [matrix] * pairs), most=3)
    return [training, table]


def scaling(pairs: int) -> list[Row]:
    """Time for an example at 1,000 and at 60,000 rows, and what a second thread gains."""
    found = take_turns({"few": ours("mlp", "rows=1000"), "many": ours("mlp")}, pairs)
    few, many = found["few"], found["many"]
    rows = Row.of("MLP training, from 1,000 to 60,000 rows", f"{digits(many.rate)} examples/s",
                  f"1,000 rows: {digits(few.rate)} examples/s", Ratio.of(many.seconds, few.seconds), most=1.1,
                  unit="of its time for an example")
    found = take_turns({"one": ours("mlp", "threads=1"), "two": ours("mlp", "threads=2")}, pairs, {"one": 1})
    one, two = found["one"], found["two"]
    gain, bare = Ratio.of(one.seconds, two.seconds), Ratio.of(one.bare_seconds, two.bare_seconds)
    gains = zip(one.seconds, two.seconds, one.bare_seconds, two.bare_seconds)
    ratios = [(a / b) / (c / d) for a, b, c, d in gains]
    threads = Row.of("MLP training, from one thread to two", f"{digits(gain.median)} times as fast",
                     f"bare GEMMs: {digits(bare.median)} times", Ratio.of(ratios, [1.0] * pairs), least=0.9,
                     unit="of their gain")
    return [rows, threads]


def middle(loads: list[servers.Load], what: str) -> float:
    return statistics.median(getattr(load, what) for load in loads)


def serving(pairs: int) -> list[Row]:
    """Requests of the Open Inference Protocol in JSON, one row each: four numbers, and a picture of 784."""
    with gzip.open("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz") as file:
        picture = [byte / 255 for byte in file.read(16 + PIXELS)[16:]]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        network = Path(folder) / "benchmark"
        run(ours("inference", "times=1", "calls=20", f"model={network}"))
        for title, model, row, least in [("4 numbers", ROOT / "Models/iris", [5.1, 3.5, 1.4, 0.2], 10),
                                         ("784 numbers", network, picture, 8)]:
            found = servers.take_turns(
                {"ours": [SWIFTLET, "serve", str(model), "--port="],
                 "FastAPI": peer("fastapi_onnx.py", f"model={model}", "port=")}, model, row, pairs)
            us, them = found["ours"], found["FastAPI"]
            title, name = f"serving, {title} in JSON", "FastAPI with onnxruntime"
            rate, slow = (Ratio.of([getattr(load, what) for load in us], [getattr(load, what) for load in them])
                          for what in ("rate", "slow"))
            rows.append(Row.of(title, f"{digits(middle(us, 'rate'))} requests/s",
                               f"{name}: {digits(middle(them, 'rate'))} requests/s", rate, least=least))
            rows.append(Row.of(f"{title}, the slowest hundredth", duration(middle(us, "slow")),
                               f"{name}: {duration(middle(them, 'slow'))}", slow, most=1, unit="of its latency"))
    return rows


def graphs(pairs: int) -> list[Row]:
    """A graph of scikit-learn, served as the file that skl2onnx wrote: requests of one row, and the time to be ready."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "iris.onnx"
        run(peer("iris_graph.py", str(model)))
        command = [SWIFTLET, "serve", str(model), "--port="]
        found = servers.take_turns(
            {"ours": command, "FastAPI": peer("fastapi_onnx.py", f"model={model}", "port=")}, model, [5.1, 3.5, 1.4, 0.2],
            pairs)
        starts = [servers.time_until_ready(command) for _ in range(pairs + 1)][1:]
    us, them = found["ours"], found["FastAPI"]
    ratio = Ratio.of([load.rate for load in us], [load.rate for load in them])
    rate = middle(us, "rate")
    title = "serving a graph of scikit-learn"
    floor, longest = 20_000, 0.05
    return [
        Row.of(title, f"{digits(rate)} requests/s",
               f"FastAPI with onnxruntime: {digits(middle(them, 'rate'))} requests/s", ratio, least=10),
        Row.of(title, f"{digits(rate)} requests/s", f"the bar itself: {digits(floor)} requests/s",
               Ratio.of([load.rate for load in us], [floor] * pairs), least=1),
        Row.of("serve model.onnx, until it is ready", duration(statistics.median(starts)),
               f"the bar itself: {duration(longest)}", Ratio.of(starts, [longest] * pairs), most=1, unit="of it"),
    ]


WORKLOADS: dict[str, Callable[[int], list[Row]]] = {
    "mlp": mlp,
    "small-mlp": small_mlp,
    "cnn": cnn,
    "logistic": logistic,
    "iteration": iteration,
    "inference": inference,
    "matmul": matmul,
    "csv": csv,
    "process": process,
    "memory": memory,
    "scaling": scaling,
    "serving": serving,
    "graphs": graphs,
}
