#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a portfolio as its visitors will: portfolio.py FOLDER"""
import hashlib
import json
import pathlib
import re
import sys

import yaml
from markdown_it import MarkdownIt

root = pathlib.Path(sys.argv[1])
faults = []


def visible(html):
    """What GitHub shows of a README: without comments and tags."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"<!--.*?-->", " ", html, flags=re.S))


def text_of(path):
    return path.read_text(encoding="utf-8")


readme = text_of(root / "README.md")
html = MarkdownIt("commonmark", {"html": True}).enable("table").render(readme)
shown = visible(html)

# Nothing is left to be done, and no word of a template is left.
for path in sorted(root.rglob("*")):
    if path.is_file() and path.suffix not in {".gz", ".safetensors", ".csv"} and path.parts[-2] != "data":
        text = text_of(path)
        if word := re.search(r"__[A-Z]+__|\bTODO\b|\bFIXME\b|\bTBD\b|lorem ipsum", shown if path.name == "README.md" and path.parent == root else text):
            faults.append(f"{path.relative_to(root)} has {word[0]!r}")

# The tables are tables, the sections are there, and the questions are seen by nobody.
headings = re.findall(r"<h2>(.*?)</h2>", html)
expected = ["The question", "The data", "The result", "What was tried, and what did not work", "What it is not for", "Use it", "Licence"]
if headings != expected:
    faults.append(f"README.md has the sections {headings}")
if "|" in shown or "question:" in shown:
    faults.append("README.md shows signs that are not meant to be seen")
if readme.count("<!-- question: ") != 5:
    faults.append(f"README.md asks {readme.count('<!-- question: ')} questions")
for section in html.split("<h2>")[1:]:
    title, _, body = section.partition("</h2>")
    if len(visible(body).split()) < 8:
        faults.append(f"the section {title!r} has next to nothing in it")

# Every link into the repository leads somewhere.
for link in re.findall(r'(?:href|src)="([^"]+)"', html):
    if not link.startswith(("https://", "../../actions/")) and not (root / link).exists():
        faults.append(f"README.md leads to {link}, which is not there")

# The list of what was written is true.
written = json.loads(text_of(root / ".swiftlet-new.json"))["files"]
there = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} - {".swiftlet-new.json"}
if set(written) != there:
    faults.append(f"the list of files differs by {sorted(set(written) ^ there)}")
for name, digests in written.items():
    if (root / name).exists() and digests != [hashlib.sha256((root / name).read_bytes()).hexdigest()]:
        faults.append(f"{name} is not as it was written")

for path in [*root.glob(".github/workflows/*.yml"), root / "CITATION.cff", root / "recipe.yaml"]:
    yaml.safe_load(text_of(path))
if len((root / "report.html").read_bytes()) > 250_000:
    faults.append("report.html is large")

for fault in faults:
    print(f"{root.name}: {fault}", file=sys.stderr)
sys.exit(1 if faults else 0)
