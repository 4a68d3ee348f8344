# SPDX-License-Identifier: Apache-2.0
"""A convolutional network goes to PyTorch and back, and answers the same there and here: exchange.py PROGRAM

There: the parameters of a trained bundle are loaded by `load_state_dict`, strictly, so names and shapes are the same. Here:
PyTorch changes them, and `swiftlet import` makes a model of its `state_dict` again: of a .pt and of a .safetensors, like the model
and like the recipe, and of a class whose names are others. What is compared are the logarithms of the probabilities of 100 pictures, which are the logits but for one number in each row.
"""
import contextlib
import csv
import gzip
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DATA = PROJECT / "Datasets/road-signs"
PICTURES = 100
LARGEST_DIFFERENCE = 1e-4

# A layer of model.json as PyTorch's.
LAYERS = {
    "unflatten": lambda at: nn.Unflatten(1, (at["channels"], at["height"], at["width"])),
    "conv2d": lambda at: nn.Conv2d(at["input"], at["output"], at.get("size", 3), padding=at.get("size", 3) // 2),
    "group_norm": lambda at: nn.GroupNorm(at["groups"], at["channels"]),
    "relu": lambda at: nn.ReLU(),
    "max_pool2d": lambda at: nn.MaxPool2d(2),
    "flatten": lambda at: nn.Flatten(),
    "dropout": lambda at: nn.Dropout(at["rate"]),
    "linear": lambda at: nn.Linear(at["input"], at["output"]),
}


def run(*command: object) -> str:
    """What a command prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=PROJECT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def idx(name: str, count: int) -> np.ndarray:
    """The first items of an IDX file of bytes."""
    data = gzip.decompress((DATA / name).read_bytes())
    sizes = [int.from_bytes(data[4 + 4 * axis : 8 + 4 * axis]) for axis in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(sizes)[:count]


def features() -> torch.Tensor:
    """The pictures as the pipeline prepares them: planes, each picture with mean 0 and deviation 1."""
    planes = idx("test-images-idx4-ubyte.gz", PICTURES).transpose(0, 3, 1, 2).reshape(PICTURES, -1).astype(np.float64)
    scaled = (planes - planes.mean(1, keepdims=True)) / planes.std(1, keepdims=True)
    return torch.from_numpy(scaled.astype(np.float32))


def read(path: pathlib.Path) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    return {
        name: torch.frombuffer(bytearray(data[8 + length :]), dtype=torch.float32)[
            at["data_offsets"][0] // 4 : at["data_offsets"][1] // 4].reshape(at["shape"])
        for name, at in json.loads(data[8 : 8 + length]).items() if name != "__metadata__"}


def write(path: pathlib.Path, tensors: dict[str, torch.Tensor]) -> None:
    """A safetensors file: the length of a header of JSON, the header, and the numbers."""
    header, numbers = {}, b""
    for name, tensor in tensors.items():
        more = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(numbers), len(numbers) + len(more)]}
        numbers += more
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + numbers)


def answers(program: str, bundle: pathlib.Path, labels: list[str]) -> np.ndarray:
    """The logarithms of the program's probabilities, a row for each picture."""
    text = run(program, "predict", bundle, "--data", DATA / "test-images-idx4-ubyte.gz")
    rows = list(csv.DictReader(io.StringIO(text)))[:PICTURES]
    return np.log([[float(row[f"probability_{label}"]) for label in labels] for row in rows])


def compare(program: str, bundle: pathlib.Path, network: nn.Module, labels: list[str], what: str) -> np.ndarray:
    """Ends the test where the two differ; gives what both say."""
    with torch.no_grad():
        theirs = torch.log_softmax(network.double()(features().double()), 1).numpy()
    ours = answers(program, bundle, labels)
    # A probability is published in 32 bits: one that is almost 0 has few digits left.
    seen = theirs > np.log(1e-6)
    difference = np.abs(ours - theirs)[seen].max()
    print(f"{what}: {seen.sum()} numbers of {PICTURES} pictures differ by {difference:.1e} at most")
    if not difference < LARGEST_DIFFERENCE:
        sys.exit(f"{what}: they differ by {difference}, and {LARGEST_DIFFERENCE} is allowed")
    network.float()
    return ours


def learn_iris(program: str, folder: pathlib.Path) -> None:
    """What the page ComingFromPyTorch shows: a network learns there what a pipeline made here, and answers here."""
    pipeline = json.loads((PROJECT / "Models/iris/model.json").read_text())["pipeline"]
    data = PROJECT / "Datasets/iris/iris.csv"
    rows = list(csv.DictReader(data.open(newline="")))
    names = sorted({row["species"] for row in rows})
    labels = torch.tensor([names.index(row["species"]) for row in rows])
    features = torch.tensor([[(float(row[at["name"]]) - at["offset"]) * at["factor"] for at in pipeline] for row in rows])
    torch.manual_seed(1)
    with contextlib.chdir(folder):
        network = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
        optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
        for _ in range(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(features), labels).backward()
            optimizer.step()
        torch.save(network.state_dict(), "weights.pt")
    model = folder / "mine"
    said = json.loads(run(
        program, "import", folder / "weights.pt", "--like", PROJECT / "Datasets/iris", "--model", "mlp", "--hidden", "16",
        "--output", model, "--json"))
    answers = list(csv.DictReader(io.StringIO(run(program, "predict", model, "--data", data))))
    ours = np.array([[float(row[f"probability_{name}"]) for name in names] for row in answers])
    difference = np.abs(ours - torch.softmax(network(features), 1).detach().numpy()).max()
    print(f"iris, learned in PyTorch: {len(ours)} rows differ by {difference:.1e} at most, accuracy {said['metrics']['test']['accuracy']}")
    if not (difference < 1e-5 and said["metrics"]["test"]["accuracy"] > 0.8 and said["renamed"] == {}):
        sys.exit("the model of iris is another one here")


def main() -> None:
    """There, and back."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        learn_iris(program, pathlib.Path(folder))
        bundle = pathlib.Path(folder) / "signs"
        run(program, "train", DATA, "--epochs", 3, "--seed", 1, "--quiet", "--output", bundle)
        description = json.loads((bundle / "model.json").read_text())
        labels = json.loads(run(program, "evaluate", bundle, "--json"))["labels"]
        network = nn.Sequential(*(LAYERS[layer["kind"]](layer) for layer in description["network"]))
        network.load_state_dict(read(bundle / "model.safetensors"), strict=True)
        network.eval()
        before = compare(program, bundle, network, labels, "to PyTorch")

        classes = torch.from_numpy(idx("test-labels-idx1-ubyte.gz", PICTURES).astype(np.int64))
        optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
        nn.functional.cross_entropy(network(features()), classes).backward()
        optimizer.step()
        back = pathlib.Path(folder) / "back"
        files = {name: pathlib.Path(folder) / name for name in ["weights.pt", "weights.safetensors", "named.pt"]}
        torch.save(network.state_dict(), files["weights.pt"])
        write(files["weights.safetensors"], network.state_dict())
        torch.save({f"module.layer{name}": tensor for name, tensor in network.state_dict().items()}, files["named.pt"])
        for name, like in [("weights.pt", bundle), ("weights.safetensors", bundle), ("weights.pt", DATA), ("named.pt", DATA)]:
            run(program, "import", files[name], "--like", like, "--output", back, "--force")
            what = f"and back by {name}, like {'the recipe' if like == DATA else 'the model'}"
            after = compare(program, back, network, labels, what)
            if not np.abs(after - before).max() > 0.01:
                sys.exit("the step changed nothing, so the way back was not tried")


main()
