# SPDX-License-Identifier: Apache-2.0
"""Thousands of damaged requests, sent over sockets: each gets an answer of 4xx that gives nothing away, or is hung up
on; the process lives and keeps its size.

Every request begins as one that is right, in one of the forms that the server reads, and is damaged by a seeded
generator: bytes changed, cut out, doubled, moved; numbers made absurd; the head spoilt; the body cut short or followed
by more. SWIFTLET_GARBAGE=N sends N of them, SWIFTLET_GARBAGE_SEED chooses others.
"""
import gzip
import io
import json
import os
import random
import re
import socket
import struct
import zlib

import numpy as np
import pytest

from server import ModelServer

COUNT = int(os.environ.get("SWIFTLET_GARBAGE", "6000"))
SEED = int(os.environ.get("SWIFTLET_GARBAGE_SEED", "7"))

# What may be said to a request that is wrong; 200 to one whose damage changes nothing, or only a number.
STATUSES = {200, 400, 403, 404, 405, 406, 408, 413, 415, 431}

TOKENS = [
    b"null", b"NaN", b"-Infinity", b"1e999", b"-1", b"0", b"9223372036854775807", b"-9223372036854775808",
    b"18446744073709551616", b"1e-400", b"[", b"]" * 40, b"{", b"}", b"[" * 5000, b'{"a":' * 300, b'"', b"\\", b"\\u",
    b"\\ud800", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b",", b",,", b":", b"\n", b"\r\n", b'"' * 9, b"true", b"FP16",
    b"BF16", b"BYTES", b"BOOL", b"binary_data_size", b"features", b"x", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80",
]


class Request:
    """A request that is right."""

    def __init__(self, path: str, body: bytes, **headers: str):
        self.path, self.body = path, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def requests_that_are_right(questions) -> list[Request]:
    iris, penguins, image = questions["iris"].part(slice(3)), questions["penguins"].part(slice(3)), questions["fashion-mini"]
    v2 = json.dumps({
        "id": "1", "parameters": {"timeout": 5000000},
        "inputs": [{"name": "features", "shape": [3, 4], "datatype": "FP32", "data": iris.rows}],
        "outputs": [{"name": "probabilities", "parameters": {"classification": 2}}, {"name": "label"}]}).encode()
    binary = json.dumps({
        "inputs": [{"name": "features", "shape": [3, 4], "datatype": "FP32", "parameters": {"binary_data_size": 48}}],
        "parameters": {"binary_data_output": True}}).encode()
    words = [("" if word is None else word).encode() for word in penguins.column("island")]
    bytes_tensor = b"".join(struct.pack("<I", len(word)) + word for word in words)
    tensors = [
        {"name": "island", "shape": [3, 1], "datatype": "BYTES", "parameters": {"binary_data_size": len(bytes_tensor)}}]
    tensors += [{"name": name, "shape": [3, 1], "datatype": "BYTES" if name == "sex" else "FP32",
                 "data": penguins.column(name)} for name in penguins.columns if name != "island"]
    mixed = json.dumps({"inputs": tensors}).encode()
    npy = io.BytesIO()
    np.save(npy, iris.features)
    v1 = json.dumps({"instances": penguins.records}).encode()
    split = json.dumps({"dataframe_split": {"columns": iris.columns, "data": iris.rows}}).encode()
    picture = json.dumps({"instances": [{"image": image.rows[0][0]}]}).encode()
    json_type, csv_type = "application/json", "text/csv"
    return [
        Request("/v2/models/iris/infer", v2, Content_Type=json_type),
        Request("/v2/models/iris/infer", gzip.compress(v2), Content_Encoding="gzip"),
        Request("/v2/models/iris/infer", zlib.compress(v2), Content_Encoding="deflate"),
        Request("/v2/models/iris/infer", binary + iris.features.tobytes(),
                Inference_Header_Content_Length=str(len(binary))),
        Request("/v2/models/iris/infer", iris.features[0].tobytes(), Inference_Header_Content_Length="0"),
        Request("/v2/models/penguins/infer", mixed + bytes_tensor, Inference_Header_Content_Length=str(len(mixed))),
        Request("/v1/models/penguins:predict", v1, Content_Type=json_type),
        Request("/v1/models/iris:classify", json.dumps({"examples": iris.records}).encode(), Content_Type=json_type),
        Request("/v1/models/fashion-mini:predict", picture, Content_Type=json_type),
        Request("/endpoints/iris/invocations", split, Content_Type=json_type),
        Request("/endpoints/penguins/invocations", penguins.csv.encode(), Content_Type=csv_type),
        Request("/endpoints/iris/invocations", (",".join(iris.columns) + "\n" + iris.csv).encode(),
                Content_Type=csv_type, Accept="application/json"),
        Request("/endpoints/iris/invocations", npy.getvalue(), Content_Type="application/x-npy",
                Accept="application/x-npy"),
        Request("/v2/repository/index", b'{"ready": true}', Content_Type=json_type),
    ]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four faults."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        span = min(len(data), at + chance.choice([1, 1, 2, 4, 8, 30]))
        match chance.randrange(7):
            case 0 if at < len(data):
                data[at] = chance.randrange(256)
            case 1:
                del data[at:span]
            case 2:
                data[at:at] = data[at:span] * chance.choice([1, 2, 50])
            case 3:
                data[at:at] = chance.choice(TOKENS)
            case 4:
                data[at:span] = chance.choice(TOKENS)
            case 5:
                del data[at:]
            case 6:  # another number in the place of one
                numbers = list(re.finditer(rb"-?\d+", data))
                if numbers:
                    number = chance.choice(numbers)
                    data[number.start() : number.end()] = chance.choice(TOKENS[:10])
    return bytes(data)


def wire(request: Request, chance: random.Random) -> bytes:
    """The request as it is sent, with something wrong."""
    body, headers = request.body, dict(request.headers)
    where = chance.randrange(10)
    if where < 7:
        body = damaged(body, chance)
        if "Content-Encoding" in headers and chance.random() < 0.7:  # well packed, and rotten inside
            pack = gzip.compress if headers["Content-Encoding"] == "gzip" else zlib.compress
            body = pack(damaged(request.body and json.dumps({"inputs": []}).encode(), chance))
    elif where == 7:
        name = chance.choice(list(headers) or ["Accept"])
        headers[name] = chance.choice(["", "-1", "9" * 30, "1e3", "nan", "x" * 5000, "gzip, deflate, br", "*/*;q=2", "\x7f"])
    head = f"POST {request.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    head = (head + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode("latin-1")
    if where == 8:
        head = damaged(head, chance)
    elif where == 9:  # in pieces, some of them too long for their size
        sizes = [chance.randint(1, 40) for _ in range(5)]
        pieces = b"".join(b"%x\r\n%s\r\n" % (size + (chance.random() < 0.1), body[:size]) for size in sizes)
        return head.replace(b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked") + pieces + b"0\r\n\r\n"
    return head + body


def answer(address, request: bytes) -> bytes:
    """All that the server says until it hangs up, or has nothing more to say."""
    with socket.create_connection(address, timeout=20) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            said = b""
            while piece := connection.recv(65536):
                said += piece
            return said
        except (ConnectionResetError, BrokenPipeError):
            return b""


def complaint(said: bytes) -> str | None:
    """What is wrong with an answer."""
    if said == b"":
        return None  # half a head is no request: the server hangs up
    found = re.match(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n(.*?)\r\n\r\n(.*)", said, re.DOTALL)
    if not found:
        return "no response of HTTP"
    status, body = int(found[1]), found[3]
    if status == 100:
        return complaint(body)
    if status not in STATUSES:
        return f"status {status}"
    if status >= 400 and found[3]:
        length = int(re.search(rb"content-length: (\d+)", found[2].lower())[1])
        try:
            sentence = json.loads(body[:length])["error"]
        except (ValueError, KeyError, TypeError):
            return "no JSON with an error"
        if re.search(r"\.swift|/root/|/home/|/tmp/|Sources/|0x[0-9a-f]{8}", sentence):
            return "gives something away"
    return None


@pytest.fixture(scope="module")
def target(bundles):
    server = ModelServer(bundles["iris"], bundles["penguins"], bundles["fashion-mini"], "--read-timeout-ms", "2000")
    yield server
    server.end()


def test_right_ones_are_answered(target, questions):
    """Without its damage every one of them is 200, or the damage would not be what is tested."""
    for request in requests_that_are_right(questions):
        headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        said = answer(("127.0.0.1", target.port), (
            f"POST {request.path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}"
            f"Content-Length: {len(request.body)}\r\n\r\n").encode() + request.body)
        assert said.startswith(b"HTTP/1.1 200 OK"), f"{request.path}: {said[:400]}"
        assert complaint(said) is None


def test_complaints_are_made():
    head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"
    for status, body in ((b"500 Internal Server Error", b'{"error":"x"}'), (b"400 Bad Request", b"no"),
                         (b"400 Bad Request", b'{"error":"Sources/Swiftlet/A.swift: 7"}')):
        assert complaint(head % (status, len(body), body)) is not None
    assert complaint(b"garbage") is not None


def test_damaged_ones(target, questions):
    chance = random.Random(SEED)
    right = requests_that_are_right(questions)
    statuses: dict[bytes, int] = {}
    warm = 0
    for number in range(COUNT):
        request = wire(chance.choice(right), chance)
        try:
            said = answer(("127.0.0.1", target.port), request)
        except TimeoutError:
            pytest.fail(f"request {number} of seed {SEED} got no answer: {request[:2000]!r}")
        wrong = complaint(said)
        assert wrong is None, f"request {number} of seed {SEED}: {wrong}: {said[:600]!r} to {request[:2000]!r}"
        statuses[said[9:12]] = statuses.get(said[9:12], 0) + 1
        if number == COUNT // 2:
            warm = target.resident_bytes
    assert target.is_running
    assert target.resident_bytes - warm < 8e6, f"from {warm} to {target.resident_bytes} bytes"
    # The damage reached what it was meant for.
    assert statuses[b"400"] > COUNT / 4 and statuses[b"200"] > 0, statuses
    questions["iris"].expect(labels=json.loads(answer_of(target, questions))["predictions"])


def answer_of(target, questions) -> bytes:
    import requests

    return requests.post(f"{target.url}/endpoints/iris/invocations", json={"instances": questions["iris"].rows}).content
