# SPDX-License-Identifier: Apache-2.0
"""Exported models answer in a program for PMML, and by its formulas, as here: pmml_exchange.py PROGRAM

Each model is written by `swiftlet export` and asked for the raw columns of its data set twice: by PMML4S (the library for the JVM
that pypmml brings), and by an evaluator of the specification's words in this file, which also refuses elements out of their order.
What is compared are probabilities, predictions in standard deviations of their target, and labels.
"""
import pathlib
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import numpy as np
import pypmml

sys.dont_write_bytecode = True
from rows import MISSING, MODELS, predicted, run, tables, train  # noqa: E402

LARGEST_DIFFERENCE = 1e-5
# The peer takes milliseconds for a row.
PEER_ROWS = 100
# The elements of a model, in the order of the schema.
ORDER = ["MiningSchema", "Output", "LocalTransformations", "RegressionTable", "NeuralInputs", "NeuralLayer", "NeuralOutputs"]
FUNCTIONS = {
    "identity": lambda x: x, "rectifier": lambda x: np.maximum(x, 0), "tanh": np.tanh, "logistic": lambda x: 1 / (1 + np.exp(-x))}
APPLIED = {
    "*": lambda a, b: a * b, "-": lambda a, b: a - b, "isIn": lambda a, *list: a in list, "greaterOrEqual": lambda a, b: a >= b,
    "if": lambda condition, yes, no: yes if condition else no}


def tag(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    space, name = element.tag[1:].split("}")
    assert space == "http://www.dmg.org/PMML-4_4"
    return name


def children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The children of that name."""
    return [child for child in element if tag(child) == name]


def value(expression: ElementTree.Element, row: dict) -> object:
    """An expression for a row."""
    kind, words = tag(expression), expression.attrib
    if kind == "FieldRef":
        return row[words["field"]]
    if kind == "Constant":
        return float(expression.text) if words["dataType"] == "double" else expression.text or ""
    if kind == "NormDiscrete":
        found = row[words["field"]]
        return float(words["mapMissingTo"]) if found is None else float(found == words["value"])
    assert kind == "Apply", kind
    return APPLIED[words["function"]](*(value(part, row) for part in expression))


def softmax(scores: np.ndarray) -> np.ndarray:
    """The exponentials, as parts of their sum."""
    return np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()


class Reference:
    """A document, evaluated by the words of the specification."""

    def __init__(self, path: pathlib.Path) -> None:
        root = ElementTree.parse(path).getroot()
        assert tag(root) == "PMML" and root.attrib["version"] == "4.4"
        header, dictionary, self.model = root
        assert (tag(header), tag(dictionary)) == ("Header", "DataDictionary")
        positions = [ORDER.index(tag(child)) for child in self.model]
        assert positions == sorted(positions)
        self.fields = {field.attrib["name"]: field for field in dictionary}
        schema = children(self.model, "MiningSchema")[0]
        self.inputs = {field.attrib["name"]: field.attrib for field in schema if field.attrib.get("usageType") != "target"}
        self.target = next(field.attrib["name"] for field in schema if field.attrib.get("usageType") == "target")
        self.derived = children(self.model, "LocalTransformations")[0]
        self.layers = [self.layer(position, layer) for position, layer in enumerate(children(self.model, "NeuralLayer"))]
        self.tables = [self.table(table) for table in children(self.model, "RegressionTable")]
        if self.layers:
            given = [part[0][0].attrib["field"] for part in children(self.model, "NeuralInputs")[0]]
            assert given == [field.attrib["name"] for field in self.derived]

    def layer(self, position: int, layer: ElementTree.Element) -> tuple:
        """Weights, biases, and what is applied."""
        for row, neuron in enumerate(layer):
            assert neuron.attrib["id"] == f"{position + 1},{row}"
            assert [part.attrib["from"] for part in neuron] == [f"{position},{column}" for column in range(len(neuron))]
        weights = np.array([[float(part.attrib["weight"]) for part in neuron] for neuron in layer])
        return weights, np.array([float(neuron.attrib["bias"]) for neuron in layer]), layer.attrib

    def table(self, table: ElementTree.Element) -> tuple:
        """Coefficients in the order of the derived fields, the intercept, and the category."""
        names = [part.attrib["name"] for part in table]
        assert names == [field.attrib["name"] for field in self.derived]
        return [float(part.attrib["coefficient"]) for part in table], float(table.attrib["intercept"]), table.attrib.get("targetCategory")

    def answer(self, cells: dict[str, str]) -> dict[str, object]:
        """The outputs for a row of texts, `None` for a missing one."""
        row = {}
        for name, words in self.inputs.items():
            text = words.get("missingValueReplacement") if cells[name] is None else cells[name]
            row[name] = float(text) if self.fields[name].attrib["dataType"] == "double" and text is not None else text
        for field in self.derived:
            row[field.attrib["name"]] = value(field[0], row)
        x = np.array([row[field.attrib["name"]] for field in self.derived])
        if self.tables:
            scores = np.array([np.dot(weights, x) + intercept for weights, intercept, _ in self.tables])
            labels = [label for _, _, label in self.tables]
            scores = softmax(scores) if self.model.attrib["normalizationMethod"] == "softmax" else scores
        else:
            for weights, biases, words in self.layers:
                x = FUNCTIONS[words["activationFunction"]](weights @ x + biases)
                x = softmax(x) if words["normalizationMethod"] == "softmax" else x
            scores = x
            labels = [part[0][0].attrib.get("value") for part in children(self.model, "NeuralOutputs")[0]]
        return self.outputs(scores, labels)

    def outputs(self, scores: np.ndarray, labels: list) -> dict[str, object]:
        """What the element Output names."""
        is_number = self.model.attrib["functionName"] == "regression"
        row: dict[str, object] = {}
        for field in children(self.model, "Output")[0]:
            words = field.attrib
            if words["feature"] == "probability":
                row[words["name"]] = scores[labels.index(words["value"])]
            elif words["feature"] == "transformedValue":
                row[words["name"]] = value(field[0], row)
            else:
                row[words["name"]] = scores[0] if is_number else labels[int(scores.argmax())]
        return row


def difference(called: dict[str, str], ours: np.ndarray, names: list[str], labels: list[str], rows: list[dict], what: str) -> str:
    """What is different; ends the test where that is too much."""
    count = len(rows)
    other = 0
    if labels:
        theirs = np.array([[float(row[called[name]]) for name in names] for row in rows])
        largest = np.abs(ours[:count] - theirs).max()
        other = sum(label != row[called[""]] for label, row in zip(labels, rows))
    else:
        theirs = np.array([[float(row[called[""]])] for row in rows])
        largest = (np.abs(ours[:count] - theirs) / ours.std(0)).max()
    said = f"{what}: {count} rows differ by {largest:.1e} at most, {other} labels differ"
    if not largest <= LARGEST_DIFFERENCE or other:
        sys.exit(f"{said}, and {LARGEST_DIFFERENCE} is allowed")
    return said


def compare(program: str, bundle: pathlib.Path, data: str, folder: pathlib.Path) -> str:
    """Both comparisons."""
    file = folder / "model.pmml"
    run(program, "export", bundle, "--output", file)
    source, columns = tables(data, folder)
    names, ours, labels = predicted(program, bundle, source)
    reference = Reference(file)
    # The outputs by their labels, and the answer by no label.
    called = {field.attrib.get("value", ""): field.attrib["name"] for field in children(reference.model, "Output")[0]}
    cells = [
        {name: None if columns[name][row] in MISSING else columns[name][row] for name in reference.inputs} for row in range(len(ours))]
    first = difference(called, ours, names, labels, [reference.answer(row) for row in cells], "by the formulas")
    peer = pypmml.Model.load(str(file))

    def typed(name: str, text: str | None) -> object:
        return float(text) if text is not None and reference.fields[name].attrib["dataType"] == "double" else text

    asked = [{name: typed(name, text) for name, text in row.items() if text is not None} for row in cells[:PEER_ROWS]]
    return first + "; " + difference(called, ours, names, labels, [peer.predict(row) for row in asked], "by PMML4S")


def main() -> None:
    """The kinds that PMML holds."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for data, flags in MODELS:
            train(program, data, flags, folder / "bundle")
            print(f"{' '.join([data, *flags])}: {compare(program, folder / 'bundle', data, folder)}", flush=True)


main()
