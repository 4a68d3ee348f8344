# SPDX-License-Identifier: Apache-2.0
"""A picture that a page shows is the one that its commands draw.

Where a command writes `curve.svg` and the page's folder has `Resources/curve.svg`, both must say the same, but for the
numbers in them, and for how many lines of one kind follow: another processor trains to other last digits, and a
training that jumps about to another range, which has more or fewer grid lines.
"""
import pathlib
import re

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def drawn(page: pathlib.Path, scratch: pathlib.Path) -> list[tuple[pathlib.Path, pathlib.Path]]:
    """The pictures that were drawn, and those that the page shows."""
    shown = {picture.name: picture for picture in (page.parent / "Resources").glob("*.svg")}
    return [(picture, shown[picture.name]) for picture in scratch.glob("*.svg") if picture.name in shown]


def faults(page: pathlib.Path, scratch: pathlib.Path) -> list[str]:
    return [
        f"the picture {shown.name} is not the one that the page's commands draw"
        for picture, shown in drawn(page, scratch)
        if kinds_of_lines(picture.read_text()) != kinds_of_lines(shown.read_text())]


def kinds_of_lines(picture: str) -> list[str]:
    """The different lines of a picture in their order, without their numbers."""
    return list(dict.fromkeys(NUMBER.sub("0", picture).splitlines()))


def update(page: pathlib.Path, scratch: pathlib.Path):
    for picture, shown in drawn(page, scratch):
        shown.write_text(picture.read_text())
