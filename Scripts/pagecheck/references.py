# SPDX-License-Identifier: Apache-2.0
"""Paths, links and flags that a page speaks of are there."""
import pathlib
import re

from . import markdown

NAMED = (".swift", ".py", ".yaml", ".md")


def faults(page: pathlib.Path, text: str, root, scratch: pathlib.Path) -> list[str]:
    return paths(text, root, scratch) + links(page, text, scratch, root) + flags(text, root)


def paths(text: str, root, scratch: pathlib.Path) -> list[str]:
    """`Sources/…`, `Layer.swift`: of the repository, or made by the page's commands. A name in capitals stands for any."""
    tops = {name.split("/")[0] for name in root.files if "/" in name}
    found = []
    for span in markdown.code_spans(text):
        path = re.sub(r":\d+$", "", span.rstrip("/"))
        if not re.fullmatch(r"[\w.*+/-]+", path):
            continue
        path = re.sub(r"(?<![\w-])[A-Z]+(?![\w-])", "*", path)
        inside = "/" in path and path.split("/")[0] in tops
        if inside and not any(scratch.glob(path)) and not root.ignores(path):
            found.append(f"`{span}` is not there")
        elif not inside and path.endswith(NAMED) and "*" not in path and not path.startswith("."):
            if not any(name == path or name.endswith("/" + path) for name in root.files) and not any(scratch.rglob(path)):
                found.append(f"`{span}` is not there")
    return found


def links(page: pathlib.Path, text: str, scratch: pathlib.Path, root) -> list[str]:
    anchors = {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    body = re.sub(r"`[^`]*`", "", markdown.FENCE.sub("", text))
    found = []
    for mark, target in re.findall(r"(!?)\[[^\]]*\]\(([^)\s]+)\)", body):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        folder = scratch / page.parent.relative_to(root.folder) if page.is_relative_to(root.folder) else page.parent
        places = [folder / path, folder / "Resources" / path, *folder.glob(f"Resources/**/{path}.*")]
        if path and not any(place.exists() for place in places):
            found.append(f"the {'picture' if mark else 'link'} {target} leads nowhere")
        elif not path and anchor not in anchors:
            found.append(f"no heading is called #{anchor}")
    return found


def flags(text: str, root) -> list[str]:
    """`swiftlet COMMAND … --flag` is in the help of the command; a flag on its own, in that of any command or script."""
    lines = [line for block in markdown.blocks(text) if block.kind in ("console", "sh", "text") for line in "\n".join(block.lines).replace("\\\n", " ").split("\n")]
    found = []
    for line in [*markdown.code_spans(text), *lines]:
        called = re.match(r"(?:\$ )?(?:\S*/)?swiftlet (help settings|[a-z]+)(.*)", line)
        if called and called[1] in [*root.commands, "help settings"]:
            spoken = re.split(r"[|;&#]", called[2])[0]
            known = root.help(*called[1].split()) if called[1] == "help settings" else root.help_of(called[1], *spoken.split()[:1])
        elif called and line in markdown.code_spans(text):
            found.append(f"`{line}`: there is no command {called[1]}")
            continue
        elif re.match(r"--[a-z]", line):
            known, spoken = root.flags + root.scripts, line
        else:
            continue
        for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", spoken):
            if not re.search(re.escape(flag) + r"(?![\w-])", known):
                found.append(f"{flag} in `{line.strip()}` is no flag")
    return found
