# SPDX-License-Identifier: Apache-2.0
"""A listing of code stands, line for line, in a file that is compiled, run or read by a test.

YAML and JSON may stand in a test's Swift file too.
"""
import functools
import textwrap

SUFFIXES = {
    "swift": (".swift",), "python": (".py",), "java": (".java",), "r": (".R",), "scala": (".scala",), "yaml": (".yaml", ".swift"),
    "json": (".json", ".swift"),
}


def faults(blocks, root) -> list[str]:
    found = []
    for block in blocks:
        if block.kind not in ("console", "sh", "text", *SUFFIXES):
            found.append(f"line {block.line}: a block of kind {block.kind or 'nothing'!r}; say console, sh, text or {', '.join(SUFFIXES)}")
        elif block.kind in SUFFIXES and not stands(block, root):
            found.append(f"line {block.line}: the listing stands in no {SUFFIXES[block.kind][0]} file: {block.lines[0].strip() if block.lines else ''}")
    return found


def stands(block, root) -> bool:
    listing = lines_of("\n".join(block.lines))
    return any(holds(lines, listing) for lines in sources(root, SUFFIXES[block.kind]))


@functools.cache
def sources(root, suffixes) -> list[list[str]]:
    files = [root.folder / name for name in root.files if name.endswith(suffixes)]
    return [file.read_text(encoding="utf-8", errors="replace").splitlines() for file in files if file.stat().st_size < 1_000_000]


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in textwrap.dedent(text).strip("\n").splitlines()]


def holds(source: list[str], listing: list[str]) -> bool:
    """Whether the lines follow each other in the source, at any depth of indentation."""
    if not listing:
        return False
    first = listing[0].strip()
    for start, line in enumerate(source):
        if line.strip() == first and lines_of("\n".join(source[start : start + len(listing)])) == listing:
            return True
    return False
