# SPDX-License-Identifier: Apache-2.0
"""The repository that the pages speak of: its files, its program, its scripts."""
import functools
import os
import pathlib
import re
import shutil
import subprocess

# Written by the program or by a benchmark, so proved elsewhere.
UNPROVED = re.compile(r"^(Models/.*|Benchmarks/NOTES\.md|Sources/SwiftletCommands/Packaging/Templates/.*|Sources/SwiftletSynthesis/Descriptions/.*)$")


class Repository:
    def __init__(self):
        self.folder = pathlib.Path(__file__).resolve().parents[2]
        named = os.environ.get("SWIFTLET")
        self.program = pathlib.Path(named).resolve() if named else self.folder / ".build/release/swiftlet"
        if not self.program.exists():
            raise SystemExit(f"{self.program} is not there: swift build -c release")

    @functools.cached_property
    def files(self) -> list[str]:
        """What git tracks, and what it would on the next `git add`."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.folder, check=True, capture_output=True, text=True).stdout
        return [name for name in listed.split("\0") if name and (self.folder / name).is_file()]

    def ignores(self, path: str) -> bool:
        """Whether git is told to ignore the path: what a build, an installation or a training writes."""
        # A rule for folders asks for a slash where the folder is not there yet.
        asked = subprocess.run(["git", "check-ignore", path, path + "/"], cwd=self.folder, capture_output=True)
        return asked.returncode == 0

    def pages(self) -> list[pathlib.Path]:
        names = [name for name in self.files if name.endswith((".md", ".tutorial")) and not UNPROVED.match(name)]
        return [pathlib.Path(os.path.relpath(self.folder / name)) for name in names]

    def copy(self, folder: pathlib.Path):
        for name in self.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.folder / name, folder / name, follow_symlinks=False)

    @functools.cached_property
    def continuous_integration(self) -> set[str]:
        return {line.strip() for line in (self.folder / ".ci/run").read_text().splitlines()}

    @functools.cache
    def help(self, *command: str) -> str:
        return subprocess.run([self.program, *command, "--help"], capture_output=True, text=True).stdout

    def help_of(self, *words: str) -> str:
        """The help of a command as it is called: of `runs show a`, that of `runs show`; of `tune a`, that of its default."""
        command, known = [], self.help()
        for word in [*words, ""]:
            inner = subcommands(known)
            chosen = word if word in inner else next((name for name, is_default in inner.items() if is_default), None)
            if chosen is None:
                break
            command.append(chosen)
            known = self.help(*command)
        return known

    @functools.cached_property
    def commands(self) -> list[str]:
        return list(subcommands(self.help()))

    @functools.cached_property
    def flags(self) -> str:
        """The help of every command, and of the commands within."""
        helps = [[self.help(name), *(self.help(name, inner) for inner in subcommands(self.help(name)))] for name in self.commands]
        return "".join(text for texts in helps for text in texts)

    @functools.cached_property
    def scripts(self) -> str:
        """The text of every script: a flag that a page speaks of may be one of theirs."""
        scripts = [self.folder / name for name in self.files if os.access(self.folder / name, os.X_OK)]
        return "\n".join(script.read_text(errors="ignore") for script in scripts if script.stat().st_size < 100_000)


def subcommands(text: str) -> dict[str, bool]:
    """The commands that a help lists, and whether each is the default."""
    listed = re.findall(r"^  ([a-z]+)( \(default\))? {2,}", text.partition("SUBCOMMANDS:")[2], re.MULTILINE)
    return {name: bool(default) for name, default in listed}
