#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes graphs with inputs and what comes of them, for the tests of the graph runner.

    pip install onnx==1.23.2 onnxruntime==1.32.0 skl2onnx==1.20.0 scikit-learn==1.9.1 torch==2.13.0 onnxscript==0.7.2 keras==3.15.1
    python Tests/SwiftletInterchangeTests/Golden/make_golden.py            # nodes.pb.gz and files.pb.gz, beside this script
    python Tests/SwiftletInterchangeTests/Golden/make_golden.py --all F    # every node case of onnx, into F

A file is a protobuf of cases: field 1 of it is a case, with name (1), model (2), inputs (3) and outputs (4) as TensorProto,
relative (5) and absolute tolerance (6). The node cases are onnx's own. The files are what converters make of small models; their
outputs are onnxruntime's.
"""
import argparse
import gzip
import os
import pathlib
import struct
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import numpy_helper  # noqa: E402

HERE = pathlib.Path(__file__).parent

# The operators that there are; a case of another is not chosen.
OPERATORS = set("""
Abs Acos Acosh Add And ArgMax ArgMin ArrayFeatureExtractor Asin Asinh Atan Atanh Attention AveragePool
BatchNormalization Binarizer BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast CastLike CategoryMapper Ceil Celu
Clip Compress Concat Constant ConstantOfShape Conv ConvTranspose Cos Cosh CumSum DepthToSpace DequantizeLinear Div
Dropout DynamicQuantizeLinear Elu Equal Erf Exp Expand EyeLike FeatureVectorizer Flatten Floor GRU Gather GatherElements
GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid
HardSwish Hardmax Identity If Imputer InstanceNormalization IsInf IsNaN LSTM LabelEncoder LayerNormalization LeakyRelu
Less LessOrEqual LinearClassifier LinearRegressor Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max
MaxPool Mean MeanVarianceNormalization Min Mish Mod Mul Neg NegativeLogLikelihoodLoss NonZero Normalizer Not OneHot
OneHotEncoder Or PRelu Pad Pow QuantizeLinear RMSNormalization RNN Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize RotaryEmbedding
Round SVMClassifier SVMRegressor Scaler Scan ScatterElements ScatterND Selu Shape Shrink Sigmoid Sign Sin Sinh Size
Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan Tanh
ThresholdedRelu Tile TopK Transpose TreeEnsembleClassifier TreeEnsembleRegressor Trilu Unsqueeze Upsample Where Xor
ZipMap
""".split())

# Cases of theirs that are not met, each for a reason: training in a graph, lists of values, numbers of 8 bits with a fraction and
# of 4, and attention that is rounded at every step, looks at a window, or holds caches outside, and the first form of Scan.
LEFT_OUT = (
    "training", "_seq", "_opt", "e4m3", "e5m2", "e8m0", "int4", "int2", "float4", "bf16", "fp16", "window", "nonpad", "padded_kv",
    "FLOAT8", "FLOAT4", "INT4", "INT2", "E8M0", "scan_sum")


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(value) -> onnx.TensorProto:
    if isinstance(value, onnx.TensorProto):
        return value
    array = np.asarray(value)
    if array.dtype.kind in "US":
        array = array.astype(object)
    return numpy_helper.from_array(array)


def case(name: str, model: bytes, inputs: list, outputs: list, relative: float, absolute: float) -> bytes:
    body = field(1, name.encode()) + field(2, model)
    body += b"".join(field(3, tensor(value).SerializeToString()) for value in inputs)
    body += b"".join(field(4, tensor(value).SerializeToString()) for value in outputs)
    return field(1, body + b"\x2d" + struct.pack("<f", relative) + b"\x35" + struct.pack("<f", absolute))


def node_cases() -> list[tuple[str, set[str], bytes]]:
    """Every case whose inputs and outputs are tensors: its name, its operators, its bytes."""
    from onnx.backend.test.case.node import collect_testcases
    found = []
    for test in collect_testcases(None):
        inputs, outputs = test.data_sets[0]
        try:
            data = case(test.name, test.model.SerializeToString(), inputs, outputs, test.rtol, test.atol)
        except Exception:  # sequences, optionals
            data = case(test.name, test.model.SerializeToString(), [], [], test.rtol, test.atol)
        found.append((test.name, {node.op_type for node in test.model.graph.node}, data))
    return found


def chosen_nodes(most_bytes: int = 2500, most_cases: int = 4) -> bytes:
    """A few small cases of each operator, those with the most different names first."""
    seen: dict[str, int] = {}
    chosen = []
    for name, operators, data in sorted(node_cases()):
        if name.endswith("_expanded") or len(data) > most_bytes or len(operators) != 1 or not operators <= OPERATORS:
            continue
        if any(part in name for part in LEFT_OUT):
            continue
        operator = next(iter(operators))
        seen[operator] = seen.get(operator, 0) + 1
        if seen[operator] <= most_cases:
            chosen.append(data)
    return b"".join(chosen)


def answers(name: str, model: bytes, inputs: dict) -> bytes:
    """A case of a file whose outputs are onnxruntime's; a ZipMap's dictionaries become a matrix."""
    import onnxruntime
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    outputs = []
    for output in session.run(None, inputs):
        if isinstance(output, list) and output and isinstance(output[0], dict):
            output = np.array([[row[key] for key in output[0]] for row in output], dtype=np.float32)
        outputs.append(output)
    return case(name, model, [inputs[value.name] for value in session.get_inputs()], outputs, 1e-4, 1e-5)


def sklearn_files() -> list[bytes]:
    from sklearn import (compose, datasets, decomposition, ensemble, impute, linear_model, naive_bayes, neighbors, neural_network,
                         pipeline, preprocessing, svm, tree)
    from skl2onnx import to_onnx
    iris, cancer, diabetes = datasets.load_iris(), datasets.load_breast_cancer(), datasets.load_diabetes()
    files = []

    def add(name, model, data, rows=20, **options):
        x, y = data
        x = x.astype(np.float32)
        model.fit(x, y)
        file = to_onnx(model, x[:1], target_opset=options.pop("target_opset", None), options=options or None).SerializeToString()
        files.append(answers("sklearn/" + name, file, {"X": x[::max(1, len(x) // rows)]}))

    three, two, number = (iris.data, iris.target), (cancer.data, cancer.target), (diabetes.data, diabetes.target)
    words = (iris.data, iris.target_names[iris.target])
    holes = iris.data.copy()
    holes[::7, 1] = np.nan
    scaled, mlp = preprocessing.StandardScaler, neural_network.MLPClassifier
    add("logistic, 3 classes", linear_model.LogisticRegression(max_iter=500), three)
    add("logistic, names", linear_model.LogisticRegression(max_iter=500), words)
    add("logistic, 2 classes, scaled", pipeline.make_pipeline(scaled(), linear_model.LogisticRegression()), two)
    add("logistic, imputed", pipeline.make_pipeline(impute.SimpleImputer(), linear_model.LogisticRegression(max_iter=500)), (holes, iris.target))
    add("logistic, normalized", pipeline.make_pipeline(preprocessing.Normalizer(), linear_model.LogisticRegression()), three)
    add("logistic, older operators", linear_model.LogisticRegression(max_iter=500), three, target_opset={"": 9, "ai.onnx.ml": 1})
    add("ridge", linear_model.Ridge(), number)
    add("linear, two targets", linear_model.LinearRegression(), (diabetes.data, np.stack([diabetes.target, -diabetes.target], 1)))
    add("minmax and lasso", pipeline.make_pipeline(preprocessing.MinMaxScaler(), linear_model.Lasso()), number)
    add("mlp, 3 classes, relu", pipeline.make_pipeline(scaled(), mlp((8, 6), max_iter=300, random_state=1)), three)
    add("mlp, 2 classes, tanh", pipeline.make_pipeline(scaled(), mlp((8,), "tanh", max_iter=300, random_state=1)), two)
    add("mlp regression", neural_network.MLPRegressor(hidden_layer_sizes=(8,), max_iter=300, random_state=1), number)
    add("tree", tree.DecisionTreeClassifier(max_depth=4, random_state=1), three)
    add("tree, 2 classes", tree.DecisionTreeClassifier(max_depth=4, random_state=1), two)
    add("forest", ensemble.RandomForestClassifier(5, max_depth=4, random_state=1), three)
    add("forest, 2 classes", ensemble.RandomForestClassifier(5, max_depth=4, random_state=1), two)
    add("forest regression", ensemble.RandomForestRegressor(5, max_depth=4, random_state=1), number)
    add("extra trees", ensemble.ExtraTreesClassifier(5, max_depth=4, random_state=1), words)
    add("gradient boosting, 2 classes", ensemble.GradientBoostingClassifier(n_estimators=5, random_state=1), two)
    add("gradient boosting, 3 classes", ensemble.GradientBoostingClassifier(n_estimators=5, random_state=1), three)
    add("gradient boosting regression", ensemble.GradientBoostingRegressor(n_estimators=5, random_state=1), number)
    add("naive bayes", naive_bayes.GaussianNB(), three)
    add("pca", pipeline.make_pipeline(decomposition.PCA(2), linear_model.LogisticRegression()), three)
    add("polynomial", pipeline.make_pipeline(preprocessing.PolynomialFeatures(2), linear_model.Ridge()), (iris.data, iris.target))
    add("nearest neighbors", neighbors.KNeighborsClassifier(3), (iris.data[::5], iris.target[::5]))
    add("support vectors, 3 classes", svm.SVC(probability=True, random_state=1), three)
    add("support vectors, 2 classes", pipeline.make_pipeline(scaled(), svm.SVC(probability=True, random_state=1)), (cancer.data[:150], cancer.target[:150]))
    add("support vectors, bare scores", pipeline.make_pipeline(scaled(), svm.SVC(kernel="poly")), three)
    add("support vectors, regression", svm.SVR(kernel="rbf"), (diabetes.data[:80], diabetes.target[:80]))
    add("linear support vectors", svm.LinearSVC(random_state=1), three)
    add("binarizer", pipeline.make_pipeline(preprocessing.Binarizer(threshold=2.5), linear_model.LogisticRegression()), three)
    files += mixed_files(compose, ensemble, impute, linear_model, pipeline, preprocessing, to_onnx)
    return files


def mixed_files(compose, ensemble, impute, linear_model, pipeline, preprocessing, to_onnx) -> list[bytes]:
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    generator = np.random.default_rng(1)
    n = 60
    age = generator.normal(40, 10, (n, 1)).astype(np.float32)
    color = generator.choice(["red", "green", "blue"], (n, 1)).astype(object)
    size = generator.choice(["S", "M", "L"], (n, 1)).astype(object)
    y = ((age[:, 0] > 40) ^ (color[:, 0] == "red")).astype(int)
    rows = np.concatenate([age.astype(object), color, size], 1)
    kinds = [("age", FloatTensorType([None, 1])), ("color", StringTensorType([None, 1])), ("size", StringTensorType([None, 1]))]
    new = {"age": np.array([[30], [np.nan], [50.5], [41]], np.float32), "color": np.array([["red"], ["blue"], ["violet"], ["green"]], object),
           "size": np.array([["S"], ["M"], ["L"], ["XL"]], object)}
    import pandas
    frame = pandas.DataFrame(rows, columns=["age", "color", "size"]).astype({"age": np.float32})
    files = []
    one_hot = preprocessing.OneHotEncoder(handle_unknown="ignore")
    number = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler())
    for name, words, model in [
            ("one-hot", one_hot, linear_model.LogisticRegression()),
            ("one-hot and forest", one_hot, ensemble.RandomForestClassifier(4, max_depth=3, random_state=1)),
            ("ordinal", preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), linear_model.LogisticRegression())]:
        columns = compose.ColumnTransformer([("n", number, ["age"]), ("c", words, ["color", "size"])])
        whole = pipeline.make_pipeline(columns, model).fit(frame, y)
        files.append(answers("sklearn/mixed, " + name, to_onnx(whole, initial_types=kinds, options={"zipmap": False}).SerializeToString(), new))
    return files


def torch_files() -> list[bytes]:
    import io
    import torch
    from torch import nn
    torch.manual_seed(1)

    class Words(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.norm, self.last = nn.Embedding(12, 4), nn.BatchNorm1d(10), nn.Linear(10, 3)

        def forward(self, words, numbers):
            return torch.softmax(self.last(self.norm(torch.cat([self.embed(words).flatten(1), numbers], 1))), 1)

    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.last = nn.LSTM(3, 5, batch_first=True), nn.Linear(5, 2)

        def forward(self, x):
            return self.last(self.lstm(x)[0][:, -1])

    small = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, stride=2), nn.ReLU(),
                          nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3))
    deep = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1, groups=3), nn.Hardswish(), nn.Conv2d(6, 4, 1), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(64, 3))
    models = [
        ("mlp", nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.LayerNorm(8), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 3)), (torch.randn(5, 4),)),
        ("embedding and batch norm", Words(), (torch.randint(0, 12, (5, 2)), torch.randn(5, 2))),
        ("cnn", small, (torch.randn(3, 1, 8, 8),)),
        ("depthwise cnn", deep, (torch.randn(2, 3, 8, 8),)),
        ("transformer", nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), (torch.randn(2, 5, 8),)),
        ("lstm", Recurrent(), (torch.randn(2, 6, 3),)),
    ]
    files = []
    for name, model, inputs in models:
        model.eval()
        for dynamo in (True,) if name == "transformer" else (False, True):  # the older exporter fails on attention
            file = io.BytesIO()
            names = [f"x{position}" for position in range(len(inputs))]
            if dynamo:
                batch = torch.export.Dim("batch")
                program = torch.onnx.export(model, inputs, dynamo=True, input_names=names, dynamic_shapes=tuple({0: batch} for _ in inputs), verbose=False)
                file = program.model_proto.SerializeToString()
            else:
                torch.onnx.export(model, inputs, file, dynamo=False, input_names=names, dynamic_axes={name: {0: "batch"} for name in names}, opset_version=17)
                file = file.getvalue()
            feed = {name: value.numpy() for name, value in zip(names, inputs)}
            files.append(answers(f"torch/{name}, {'dynamo' if dynamo else 'legacy'}", file, feed))
    return files


def keras_files() -> list[bytes]:
    import keras
    import tempfile
    keras.utils.set_random_seed(1)
    mlp = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(3, "softmax")])
    cnn = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
                            keras.layers.Dense(3, "softmax")])
    files = []
    for name, model, x in [("mlp", mlp, np.random.default_rng(1).normal(size=(5, 4))), ("cnn", cnn, np.random.default_rng(1).normal(size=(2, 8, 8, 1)))]:
        x = x.astype(np.float32)
        model(x)
        with tempfile.TemporaryDirectory() as folder:
            model.export(f"{folder}/m.onnx", format="onnx", verbose=False)
            file = onnx.load(f"{folder}/m.onnx").SerializeToString()
        import onnxruntime
        input_name = onnxruntime.InferenceSession(file).get_inputs()[0].name
        files.append(answers("keras/" + name, file, {input_name: x}))
    return files


def write(name: str, data: bytes):
    path = HERE / name
    path.write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{path.name}: {len(data)} bytes, {path.stat().st_size} packed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=pathlib.Path, help="write every node case of onnx into this file")
    parser.add_argument("--only", help="write only nodes or files")
    options = parser.parse_args()
    if options.all:
        cases = node_cases()
        options.all.write_bytes(b"".join(data for _, _, data in cases))
        return print(f"{len(cases)} cases", file=sys.stderr)
    if options.only != "files":
        write("nodes.pb.gz", chosen_nodes())
    if options.only != "nodes":
        write("files.pb.gz", b"".join(sklearn_files() + torch_files() + keras_files()))


main()
