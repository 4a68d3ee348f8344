# SPDX-License-Identifier: Apache-2.0
"""Reading a table in pandas, by its C engine, into typed columns.

Options   file=PATH
"""
import os

import pandas

from turns import options, seconds, take_turns

path = options()["file"]


def measure() -> dict[str, object]:
    """Reads the file once."""
    tables: list[pandas.DataFrame] = []
    time = seconds(lambda: tables.append(pandas.read_csv(path, engine="c")))
    return {"seconds": time, "count": os.path.getsize(path) / 1e6, "unit": "MB", "check": float(tables[0].to_numpy().mean())}


take_turns(measure)
