# SPDX-License-Identifier: Apache-2.0
"""Exported models answer by the formulas of Core ML's specification as here: coreml_exchange.py PROGRAM

Each model is written by `swiftlet export`, loaded by coremltools, and its messages are compared with the schema: no field is
unknown, every name is given before it is taken, and with the same type. Core ML itself runs on Apple's systems only, so the
answers are computed here from the loaded specification, step by step in the words of its comments. What is compared are
probabilities, predictions in standard deviations of their target, and labels.
"""
import logging
import math
import pathlib
import sys
import tempfile

logging.disable(logging.WARNING)  # coremltools says at each start what it lacks on this system
import coremltools  # noqa: E402
import numpy as np

sys.dont_write_bytecode = True
from rows import MISSING, MODELS, train, predicted, run, tables  # noqa: E402

LARGEST_DIFFERENCE = 1e-5
SOFTMAX = -1


def sigmoid(x: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {"ReLU": lambda x: np.maximum(x, 0), "tanh": np.tanh, "sigmoid": sigmoid}


def vectorizer(step, values: dict) -> object:
    """FeatureVectorizer: the inputs behind each other, each with as many numbers as it says."""
    parts = [np.atleast_1d(np.asarray(values[column.inputColumn], float)) for column in step.inputList]
    assert [len(part) for part in parts] == [column.inputDimensions for column in step.inputList]
    return np.concatenate(parts)


def imputer(step, value: object) -> object:
    """Imputer: the value that is replaced becomes the one in its place."""
    if step.WhichOneof("ImputedValue") == "imputedStringValue":
        return step.imputedStringValue if value == step.replaceStringValue else value
    assert math.isnan(step.replaceDoubleValue)
    return np.where(np.isnan(value), np.array(step.imputedDoubleArray.vector), value)


def one_hot(step, value: str | int) -> np.ndarray:
    """OneHotEncoder: 1 in the place of the category; an unknown one is ignored."""
    assert step.handleUnknown == 1 and not step.outputSparse
    categories = getattr(step, step.WhichOneof("CategoryType")).vector
    return np.array([float(category == value) for category in categories])


def mapping(step, value: str) -> int:
    """CategoricalMapping: the integer of a text."""
    return dict(step.stringToInt64Map.map).get(value, step.int64Value)


def layers(network, values: dict) -> dict:
    """The layers of a network, in 32 bits."""
    assert network.arrayInputShapeMapping == 1
    for layer in network.layers:
        x = np.asarray(values[layer.input[0]], np.float32)
        kind = layer.WhichOneof("layer")
        if kind == "innerProduct":
            product = layer.innerProduct
            weight = np.array(product.weights.floatValue, np.float32).reshape(product.outputChannels, product.inputChannels)
            y = weight @ x + np.array(product.bias.floatValue, np.float32)
        elif kind == "activation":
            y = ACTIVATIONS[layer.activation.WhichOneof("NonlinearityType")](x)
        elif kind == "gelu":
            assert layer.gelu.mode == 0
            y = np.array([value * 0.5 * (1 + math.erf(value / math.sqrt(2))) for value in x], np.float32)
        elif kind == "softmaxND":
            assert layer.softmaxND.axis == SOFTMAX
            y = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
        else:
            sys.exit(f"the layer {kind} has no formula here")
        values[layer.output[0]] = y
    return values


def step(model, values: dict) -> None:
    """Runs one model of a pipeline, and adds its outputs to the values."""
    kind = model.WhichOneof("Type")
    body = getattr(model, kind)
    inputs = [feature.name for feature in model.description.input]
    outputs = [feature.name for feature in model.description.output]
    first = values[inputs[0]]
    if kind == "featureVectorizer":
        result = vectorizer(body, {name: values[name] for name in inputs})
    elif kind == "imputer":
        result = imputer(body, first)
    elif kind == "scaler":
        result = np.array(body.scaleValue) * (first + np.array(body.shiftValue))
    elif kind == "oneHotEncoder":
        result = one_hot(body, first)
    elif kind == "categoricalMapping":
        result = mapping(body, first)
    elif kind == "arrayFeatureExtractor":
        result = first[body.extractIndex[0]]
    elif kind == "glmRegressor":
        result = np.dot(body.weights[0].value, first) + body.offset[0]
    elif kind == "neuralNetwork":
        result = layers(body, {inputs[0]: first})[outputs[0]]
    else:
        labels = list(body.stringClassLabels.vector)
        if kind == "glmClassifier":
            assert body.postEvaluationTransform == 0 and body.classEncoding == 0
            second = sigmoid(np.dot(body.weights[0].value, first) + body.offset[0])
            chances = [1 - second, second]
        else:
            chances = layers(body, {inputs[0]: first})[body.labelProbabilityLayerName]
        assert len(labels) == len(chances)
        values[outputs[1]] = dict(zip(labels, chances))
        result = labels[int(np.argmax(chances))]
    values[outputs[0]] = result


def kind_of(feature) -> tuple:
    """The type of a feature, and of an array its shape."""
    kind = feature.type.WhichOneof("Type")
    return kind, tuple(feature.type.multiArrayType.shape) if kind == "multiArrayType" else ()


def check_names(model) -> list:
    """The steps of a pipeline; ends the test where a name or a type does not fit the ones before."""
    kind = model.WhichOneof("Type")
    pipeline = model.pipelineClassifier.pipeline if kind == "pipelineClassifier" else model.pipeline
    known = {feature.name: kind_of(feature) for feature in model.description.input}
    for part in pipeline.models:
        assert part.specificationVersion == model.specificationVersion == 4
        for feature in part.description.input:
            assert known[feature.name] == kind_of(feature), feature
        for feature in part.description.output:
            assert feature.name not in known, feature
            known[feature.name] = kind_of(feature)
    for feature in model.description.output:
        assert known[feature.name] == kind_of(feature), feature
    return list(pipeline.models)


def unknown_fields(message) -> bool:
    """Whether a message has a field that the schema does not know: then it is longer than what is known of it."""
    copy = type(message)()
    copy.CopyFrom(message)
    copy.DiscardUnknownFields()
    return copy.ByteSize() != message.ByteSize()


def answer(model, steps: list, row: dict) -> dict:
    """The outputs for a row."""
    values = dict(row)
    for part in steps:
        step(part, values)
    return values


def compare(program: str, bundle: pathlib.Path, data: str, folder: pathlib.Path) -> str:
    """What is different between the two; ends the test where that is too much."""
    file = folder / "model.mlmodel"
    run(program, "export", bundle, "--output", file)
    model = coremltools.utils.load_spec(str(file))
    assert not unknown_fields(model)
    coremltools.models.MLModel(str(file), skip_model_load=True)
    steps = check_names(model)
    source, columns = tables(data, folder)
    inputs = [(feature.name, feature.type.WhichOneof("Type") == "doubleType") for feature in model.description.input]

    def cell(name: str, text: str, is_number: bool) -> object:
        return (math.nan if text in MISSING else float(text)) if is_number else "" if text in MISSING else text

    names, ours, labels = predicted(program, bundle, source)
    answers = [
        answer(model, steps, {name: cell(name, columns[name][row], is_number) for name, is_number in inputs})
        for row in range(len(ours))]
    outputs = [feature.name for feature in model.description.output]
    other = 0
    if labels:
        theirs = np.array([[values[outputs[1]][name] for name in names] for values in answers])
        difference = np.abs(ours - theirs).max()
        threshold = float(model.description.metadata.userDefined.get("threshold", 0.5))
        if threshold == 0.5 or len(names) > 2:
            other = sum(label != values[outputs[0]] for label, values in zip(labels, answers))
    else:
        theirs = np.array([[values[name] for name in outputs] for values in answers])
        difference = (np.abs(ours - theirs) / ours.std(0)).max()
    said = f"{len(ours)} rows differ by {difference:.1e} at most, {other} labels differ"
    if not difference <= LARGEST_DIFFERENCE or other:
        sys.exit(f"{data}: {said}, and {LARGEST_DIFFERENCE} is allowed")
    return said


def main() -> None:
    """The kinds that Core ML holds, and GELU, which PMML does not."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for data, flags in MODELS + [("arm", []), ("concrete", ["--model", "mlp", "--set", "model.activation=gelu"])]:
            train(program, data, flags, folder / "bundle")
            print(f"{' '.join([data, *flags])}: {compare(program, folder / 'bundle', data, folder)}", flush=True)


main()
