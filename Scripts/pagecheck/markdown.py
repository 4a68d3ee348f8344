# SPDX-License-Identifier: Apache-2.0
"""A page as blocks and prose."""
import dataclasses
import re

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>```+)(?P<kind>[^\n`]*)\n(?P<body>.*?)^(?P=indent)(?P=ticks) *$", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass
class Command:
    text: str  # as the shell reads it
    shown: list[str]  # the lines of the page that show it
    printed: list[str]  # what the page says it prints
    line: int

    @property
    def serves(self) -> bool:
        return re.search(r"(^|\s)swiftlet serve\b(?!.*--help)", self.text) is not None and "|" not in self.text


@dataclasses.dataclass
class Block:
    kind: str
    lines: list[str]
    line: int  # of its first line in the page, from 1

    def commands(self) -> list[Command]:
        """The commands of a `console` or `sh` block."""
        found: list[Command] = []
        open_line = False
        for offset, line in enumerate(self.lines):
            goes_on = self.kind == "console" and line.startswith("> ") and found and not found[-1].printed
            if open_line or goes_on:
                found[-1].text += "\n" + (line[2:] if goes_on else line)
                found[-1].shown.append(line)
            elif self.kind == "console" and line.startswith("$ "):
                found.append(Command(line[2:], [line], [], self.line + offset))
            elif self.kind == "sh" and line.strip() and not line.startswith("#"):
                found.append(Command(line, [line], [], self.line + offset))
            elif self.kind == "console" and found:
                found[-1].printed.append(line.rstrip())
                continue
            else:
                continue
            open_line = line.endswith("\\")
        return found


def blocks(text: str) -> list[Block]:
    found = []
    for match in FENCE.finditer(text):
        indent = len(match["indent"])
        lines = [line[indent:] if not line[:indent].strip() else line for line in match["body"].splitlines()]
        found.append(Block(match["kind"].strip(), lines, text[: match.start("body")].count("\n") + 1))
    return found


def prose(text: str) -> str:
    """The page without its blocks, in-line code, links' targets and comments."""
    text = FENCE.sub("", text)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"``[^`]+``|`[^`]*`", "", text)
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"https?://\S+", "", text))


def code_spans(text: str) -> list[str]:
    text = re.sub(r"<!--.*?-->", "", FENCE.sub("", text), flags=re.DOTALL)
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def with_outputs(text: str, printed: dict[int, list[str]]) -> str:
    """The page with what its commands printed, for each `console` command by its line, where it said otherwise."""
    lines = text.split("\n")
    for block in reversed([block for block in blocks(text) if block.kind == "console"]):
        for command in reversed(block.commands()):
            if command.line in printed and not agrees(command.printed, printed[command.line]):
                first = command.line - 1 + len(command.shown)
                lines[first : first + len(command.printed)] = printed[command.line]
    return "\n".join(lines)


def agrees(said: list[str], printed: list[str]) -> bool:
    pattern = ""
    for line in said:
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*?".join(re.escape(part) for part in line.split("…")) + r"\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None
