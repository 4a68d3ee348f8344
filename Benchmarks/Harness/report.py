# SPDX-License-Identifier: Apache-2.0
"""The report: rows of figures beside their bars, kept in results.json, shown in Benchmarks/README.md and README.md.

results.json keeps the rows of every workload's last run, so that running one workload leaves the others' rows. The table in
Benchmarks/README.md and the sentence in README.md stand between two markers, so that they are never older than the runs.
"""
import datetime
import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field

from contenders import FOLDER, PRODUCTS, ROOT, VENV, Ratio, digits

BEGIN = "<!-- benchmarks: written by Benchmarks/run -->"
END = "<!-- benchmarks end -->"
COMMAND = "Benchmarks/run"


@dataclass
class Row:
    """One figure and its bar."""

    title: str
    ours: str
    theirs: str
    figure: str
    bar: str
    reached: bool
    median: float

    @staticmethod
    def of(title: str, ours: str, theirs: str, ratio: Ratio, least: float | None = None, most: float | None = None,
           unit: str = "times") -> "Row":
        """A ratio that must be at least, or at most, so much."""
        reached = (least is None or ratio.median >= least) and (most is None or ratio.median <= most)
        bar = f"at least {digits(least)} {unit}" if least is not None else f"at most {digits(most)} {unit}" if most is not None else "none"
        return Row(title, ours, theirs, f"{ratio} {unit}", bar, reached, ratio.median)


@dataclass
class Results:
    """Rows by workload, with the day and the machine of each."""

    workloads: dict[str, dict] = field(default_factory=dict)
    PATH = FOLDER / "results.json"

    @staticmethod
    def load() -> "Results":
        return Results(json.loads(Results.PATH.read_text()) if Results.PATH.exists() else {})

    def add(self, workload: str, rows: list[Row], pairs: int, versions: dict[str, str]) -> None:
        self.workloads[workload] = {
            "date": datetime.date.today().isoformat(), "pairs": pairs, "machine": machine(), "versions": versions,
            "rows": [asdict(row) for row in rows]}

    def save(self, order: list[str]) -> None:
        """Writes results.json, the table in Benchmarks/README.md and the sentence in README.md."""
        self.workloads = {name: self.workloads[name] for name in order if name in self.workloads}
        Results.PATH.write_text(json.dumps(self.workloads, indent=1, ensure_ascii=False) + "\n")
        for page, text in ((FOLDER / "README.md", self.table()), (ROOT / "README.md", self.sentence())):
            before, begin, rest = page.read_text().partition(BEGIN)
            after = rest.partition(END)[2]
            page.write_text(f"{before}{begin}\n{text}{END}{after}")

    def sentence(self) -> str:
        """The results that a reader asks for first."""
        rows = [row for entry in self.workloads.values() for row in entry["rows"]]

        def times(title: str, theirs: str) -> str:
            medians = [row["median"] for row in rows if row["title"] == title and row["theirs"].startswith(theirs)]
            return " to ".join(digits(median if median >= 1 else 1 / median) for median in sorted(medians))

        return (
            f"On two cores, a network for Fashion-MNIST trains {times('MLP training, 784-256-128-10, batch 128', 'PyTorch')} times as fast as with PyTorch "
            f"and a small one {times('MLP training, 64-64-10, batch 32', 'PyTorch')} times, logistic regression "
            f"{times('logistic regression, 60,000 × 784 × 10', 'scikit-learn')} times as fast as with scikit-learn, and the server answers "
            f"{times('serving, 4 numbers in JSON', 'FastAPI')} times as many requests as FastAPI with onnxruntime.\n")

    def table(self) -> str:
        """The command, the table and what it was measured on."""
        lines = ["```text", COMMAND, "```", "", "| workload | Swiftlet | beside it | figure, median (least to most) | bar | |",
                 "| --- | --- | --- | --- | --- | --- |"]
        for entry in self.workloads.values():
            for row in entry["rows"]:
                verdict = "–" if row["bar"] == "none" else "reached" if row["reached"] else "**not reached**"
                lines.append(
                    f"| {row['title']} | {row['ours']} | {row['theirs']} | {row['figure']} | {row['bar']} | {verdict} |")
        lines.append("")
        measured: dict[str, list[str]] = {}
        for name, entry in self.workloads.items():
            with_versions = ", ".join(" ".join(each) for each in entry["versions"].items())
            measured.setdefault(f"{entry['machine']}, {entry['date']}. {with_versions}.", []).append(name)
        for about, names in measured.items():
            lines.append(f"Measured ({', '.join(names)}) on {about}")
        return "\n".join(lines) + "\n"


def versions() -> dict[str, str]:
    """Of OpenBLAS and of the peers that are installed."""
    openblas = subprocess.run(
        [PRODUCTS / "swiftlet-bench", "version"], capture_output=True, text=True, check=True).stdout.strip()
    listing = subprocess.run(
        [VENV / "bin/python", "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True).stdout
    installed = {each["name"]: each["version"] for each in json.loads(listing)}
    shown = {"torch": "PyTorch", "scikit-learn": "scikit-learn", "onnxruntime": "onnxruntime", "pandas": "pandas",
             "numpy": "NumPy", "fastapi": "FastAPI", "uvicorn": "uvicorn"}
    return {"OpenBLAS": openblas} | {name: installed[package] for package, name in shown.items() if package in installed}


def machine() -> str:
    """The processor, as the system calls it."""
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
        fields = {key.strip(): value.strip() for key, value in fields.items()}
        name = fields.get("model name", name)
        if "cpu family" in fields:
            name += f" (family {fields['cpu family']}, model {fields['model']})"
    return f"{name}, {os.cpu_count()} cores"
