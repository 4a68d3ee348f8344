# SPDX-License-Identifier: Apache-2.0
"""The report: rows of figures beside their bars, kept in results.json, shown in RESULTS.md and README.md.

results.json keeps the rows of every workload's last run, so that running one workload leaves the others' rows.
The table in README.md stands between two markers and is written by nobody else, so it is never older than the runs.
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
        """Writes results.json, RESULTS.md and the table in README.md."""
        self.workloads = {name: self.workloads[name] for name in order if name in self.workloads}
        Results.PATH.write_text(json.dumps(self.workloads, indent=1, ensure_ascii=False) + "\n")
        (FOLDER / "RESULTS.md").write_text(
            f"# Results\n\nWritten by `{COMMAND}`; the part BENCHMARKS of README.md says what is measured.\n\n{self.table()}")
        readme = ROOT / "README.md"
        text = readme.read_text()
        if BEGIN in text and END in text:
            before, _, rest = text.partition(BEGIN)
            readme.write_text(f"{before}{BEGIN}\n{self.table()}{END}{rest.partition(END)[2]}")

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
        for about in dict.fromkeys(
                f"{entry['machine']}, {entry['date']}. {', '.join(' '.join(each) for each in entry['versions'].items())}."
                for entry in self.workloads.values()):
            lines.append(f"Measured on {about}")
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
