# SPDX-License-Identifier: Apache-2.0
"""Files of torch.save: state_dicts that are read, and others that are refused. make_state_dicts.py

Needs torch==2.13.0 and numpy==2.4.6. The number i of a read file's tensor k is k + i / 8, so the test knows each of them.
"""
import io
import os
import pathlib
import zipfile

import numpy
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent / "PyTorch"


def numbered(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The same names and shapes with known numbers, in place."""
    with torch.no_grad():
        for k, tensor in enumerate(tensors.values()):
            tensor.copy_(k + torch.arange(tensor.numel()).reshape(tensor.shape) / 8)
    return tensors


def save(name: str, value: object, **options: object) -> None:
    torch.save(value, FOLDER / f"{name}.pt", **options)


class Net(nn.Module):
    """A network as most write it: layers by names."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(4, 5), nn.Linear(5, 3)


class Call:
    """Whoever unpickles it calls a function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple:
        return self.call


def read() -> None:
    """What is read, and is equal."""
    save("sequential", numbered(nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3)).state_dict()))
    save("named", numbered(Net().state_dict()))
    pictures = nn.Sequential(
        nn.Unflatten(1, (3, 8, 8)), nn.Conv2d(3, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(64, 2))
    save("pictures", numbered(pictures.state_dict()))
    save("dictionary", numbered({name: t.clone() for name, t in nn.Linear(3, 1).state_dict().items()}))
    # Two tensors behind each other in one storage, one of them with a stride that no element uses.
    whole = torch.zeros(12)
    save("offsets", numbered({"weight": torch.as_strided(whole, (1, 8), (99, 1), 0), "bias": whole[8:12]}))


def refused() -> None:
    """What is refused by its name."""
    layer = nn.Linear(4, 3)
    state = layer.state_dict()
    save("system", {"weight": Call(os.system, "true")})
    save("eval", {"weight": Call(eval, "1")})
    save("exec", {"weight": Call(exec, "")})
    save("getattr", {"weight": Call(getattr, 1, "real")})
    save("model", nn.Sequential(layer))
    save("own", Net())
    for name in ["double", "half", "bfloat16"]:
        save(name, {key: getattr(t, name)() for key, t in state.items()})
    save("batch_norm", nn.BatchNorm1d(4).state_dict())
    save("complex", {"weight": torch.zeros(2, dtype=torch.complex64)})
    save("parameter", {"weight": layer.weight})
    save("sparse", {"weight": torch.eye(3).to_sparse()})
    save("numpy", {"weight": numpy.float32(1)})
    save("array", {"weight": numpy.zeros(3)})
    save("device", {"weight": torch.device("cpu")})
    save("checkpoint", {"model": state, "epoch": 3})
    save("list", {"betas": [0.9]})
    save("fraction", {"rate": 0.1})
    save("protocol", state, pickle_protocol=4)
    save("legacy", state, _use_new_zipfile_serialization=False)
    save("tensor", torch.zeros(2))
    save("transposed", {"weight": torch.zeros(3, 4).t()})
    save("expanded", {"weight": torch.zeros(1, 4).expand(3, 4)})
    save("tied", {"a": layer.weight.detach(), "b": layer.weight.detach()})
    torch.jit.save(torch.jit.trace(layer, torch.zeros(1, 4)), FOLDER / "script.pt")
    save("whole", state)
    changed("big", {"byteorder": b"big"})
    changed("short", {"data/0": bytes(8)})
    changed("absent", {"data/1": None})
    # 2³⁰ in the place of the first size, which is a whole number of one byte: K 3 becomes J 00 00 00 40.
    pickle = zipfile.ZipFile(FOLDER / "whole.pt").read("whole/data.pkl")
    changed("huge", {"data.pkl": pickle.replace(b"K\x03K\x04\x86", b"J\x00\x00\x00\x40K\x04\x86", 1)})
    changed("deflated", {}, zipfile.ZIP_DEFLATED)
    (FOLDER / "whole.pt").unlink()


def changed(name: str, entries: dict[str, bytes | None], compression: int = zipfile.ZIP_STORED) -> None:
    """whole.pt with other contents of some entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(FOLDER / "whole.pt") as source, zipfile.ZipFile(buffer, "w", compression) as target:
        for item in source.infolist():
            data = entries.get(item.filename.split("/", 1)[1], source.read(item))
            if data is not None:
                target.writestr(zipfile.ZipInfo(item.filename), data, compression)
    (FOLDER / f"{name}.pt").write_bytes(buffer.getvalue())


torch.manual_seed(1)
FOLDER.mkdir(exist_ok=True)
read()
refused()
