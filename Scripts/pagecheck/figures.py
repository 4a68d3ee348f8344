# SPDX-License-Identifier: Apache-2.0
"""A figure in the prose of a page that runs commands is one that they print, or its rounding.

Looked up are numbers with a decimal point, a thousands comma or a percent sign. Figures from elsewhere are named once, with
their source:  <!-- figures from elsewhere: 0.637 1.4% (scikit-learn, as DATASETS says) -->
Below a line  <!-- figures below come from elsewhere: why -->  nothing is looked up, nor in what Benchmarks/run writes.
"""
import re

from . import markdown

FIGURE = re.compile(r"(?<![\w.,#/-])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+(?= ?(?:%|percent)))( ?%| percent)?(?!\w|\.\d|,\d)")
# A place in a book, a paper's number, a version: not a figure.
REFERENCE = re.compile(r"(?:arXiv:|[Ss]ections? |[Cc]hapters? |[Ee]quations? |[Vv]ersions? )[\d.]+")
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)


def faults(text: str, blocks, printed: dict[int, list[str]]) -> list[str]:
    if not printed:
        return []
    elsewhere = {match[0].replace(" ", "") for comment in re.findall(r"<!-- figures from elsewhere:(.*?)-->", text, re.DOTALL) for match in FIGURE.finditer(comment)}
    shown = numbers("\n".join(line for lines in printed.values() for line in lines))
    shown |= numbers("\n".join(line for block in blocks if block.kind != "text" for line in block.lines))
    body = re.sub(r"<!-- benchmarks:.*?<!-- benchmarks end -->", "", text, flags=re.DOTALL)
    body = body.split("<!-- figures below come from elsewhere")[0]
    found = []
    for figure in FIGURE.finditer(REFERENCE.sub("", markdown.prose(body))):
        said = figure[0].replace(" ", "")
        if said not in elsewhere and not shows(shown, figure[1], bool(figure[2])):
            found.append(f"the figure {figure[0]} is printed by no command of the page")
    return found


def numbers(text: str) -> set[float]:
    return {abs(float(number.replace(",", "").replace("−", "-"))) for number in NUMBER.findall(text)}


def shows(shown: set[float], figure: str, percent: bool) -> bool:
    value = float(figure.replace(",", ""))
    digits = len(figure.partition(".")[2])
    slack = 0.5 * 10**-digits + 1e-9 if digits or percent else 1e-9
    return any(abs(number * scale - value) <= slack for number in shown for scale in ((1, 100) if percent else (1,)))
