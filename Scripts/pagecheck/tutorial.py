# SPDX-License-Identifier: Apache-2.0
"""A tutorial's listings as blocks: its transcripts are run in the order of the steps, its code is a link to a lesson."""
import pathlib
import re

from . import markdown


def transcripts(tutorial: pathlib.Path) -> list[tuple[pathlib.Path, markdown.Block]]:
    """The files that are run, each as a block of kind `console`."""
    found = []
    for name in re.findall(r'@Code\(name: "[^"]*", file: "([^"]+)"', tutorial.read_text(encoding="utf-8")):
        file = tutorial.parent / "Resources" / name
        if file.suffix == ".txt":
            found.append((file, markdown.Block("console", file.read_text(encoding="utf-8").splitlines(), 1)))
        elif not file.is_symlink() or not file.exists():
            raise SystemExit(f"{file}: code in a tutorial is a link to code that is compiled")
    return found
