#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the graphs of a file of cases, from standard input, into files of their own that a fuzzer begins with."""
import sys


def fields(data: bytes):
    """The fields of a message of bytes alone: number and content. A number of 32 bits is passed over."""
    position = 0
    while position < len(data):
        key, position = data[position], position + 1
        if key & 7 == 5:
            position += 4
            continue
        length = shift = 0
        while True:
            byte, position = data[position], position + 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        yield key >> 3, data[position:position + length]
        position += length


for number, (_, case) in enumerate(fields(sys.stdin.buffer.read())):
    model = dict(fields(case))[2]
    if len(model) < 8192:
        with open(f"graph-{number}", "wb") as file:
            file.write(model)
