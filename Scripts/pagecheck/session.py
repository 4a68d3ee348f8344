# SPDX-License-Identifier: Apache-2.0
"""The commands of one page, run in order in a scratch copy of the repository."""
import difflib
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

from . import markdown

LONGEST = 300  # seconds for a command

# In the place of `swift`: `swift run` runs what is built already, a lesson of the course in `.build-course`, where .ci/run
# builds it. Building again in a copy would take minutes.
SWIFT = """#!/usr/bin/env bash
[ "$1" = run ] || { echo "a page may call swift run alone" >&2; exit 64; }
shift
case "$1" in -c | --package-path) shift 2 ;; esac
name="$1"
shift
for folder in %(folders)s; do
  [ -x "$folder/$name" ] && exec "$folder/$name" "$@"
done
echo "$name is not built" >&2
exit 66
"""


class Session:
    def __init__(self, root):
        self.root = root
        self.servers: list[subprocess.Popen] = []

    def __enter__(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="swiftlet-page-")
        self.folder = pathlib.Path(self.scratch.name) / "swiftlet"
        self.root.copy(self.folder)
        programs = pathlib.Path(self.scratch.name) / "bin"
        programs.mkdir()
        (programs / "swiftlet").symlink_to(self.root.program)
        folders = [self.root.program.parent, self.root.folder / ".build/release", self.root.folder / ".build-course/debug"]
        (programs / "swift").write_text(SWIFT % {"folders": " ".join(f"'{folder}'" for folder in folders)})
        (programs / "swift").chmod(0o755)
        self.where = pathlib.Path(self.scratch.name) / "where"
        self.where.write_text(str(self.folder))
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        return self

    def __exit__(self, *_):
        for server in self.servers:
            for end in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(server.pid, end)
                    server.wait(timeout=2)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue
        self.scratch.cleanup()

    def prove(self, blocks) -> tuple[list[str], dict[int, list[str]]]:
        """Runs the commands of the blocks; answers with the faults, and what each command printed by its line."""
        faults: list[str] = []
        printed: dict[int, list[str]] = {}
        for block in blocks:
            if block.kind not in ("console", "sh"):
                continue
            for command in block.commands():
                if block.kind == "sh" and command.text in self.root.continuous_integration:
                    continue
                lines, code = self.serve(command) if command.serves else self.run(command)
                if block.kind == "sh" and code:
                    faults.append(f"line {command.line}: {command.text}\nends with {code}: " + "\n".join(lines[-5:]))
                if block.kind == "console":
                    lines += [f"(exit {code})"] if code else []
                    printed[command.line] = lines
                    if not markdown.agrees(command.printed, lines):
                        faults.append(f"line {command.line}: {command.text}\nprints\n" + difference(command.printed, lines))
        return faults, printed

    def run(self, command) -> tuple[list[str], int]:
        script = f"cd '{self.where.read_text().strip()}' || exit 70\ntrap 'pwd >\"{self.where}\"' EXIT\n{command.text}\n"
        process = subprocess.Popen(
            ["bash", "-c", script], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output = process.communicate()[0] + f"\n(not done in {LONGEST} seconds)".encode()
        return tidy(output), process.returncode

    def serve(self, command) -> tuple[list[str], int]:
        """Starts a server and reads what it prints until it has been quiet for a second."""
        text = re.sub(r"\s*&\s*$", "", command.text)
        script = f"cd '{self.where.read_text().strip()}' && exec {text}"
        server = subprocess.Popen(
            ["bash", "-c", script], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        self.servers.append(server)
        os.set_blocking(server.stdout.fileno(), False)
        output, began, heard = b"", time.monotonic(), time.monotonic()
        while time.monotonic() - began < 20 and not (output and time.monotonic() - heard > 1):
            more = server.stdout.read()
            if more:
                output, heard = output + more, time.monotonic()
            elif server.poll() is not None:
                break
            time.sleep(0.05)
        return tidy(output), server.poll() or 0


def tidy(output: bytes) -> list[str]:
    lines = [line.rstrip() for line in output.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def difference(said: list[str], printed: list[str]) -> str:
    lines = [line for line in difflib.unified_diff(said, printed, lineterm="", n=1) if not line.startswith(("---", "+++", "@@"))]
    return "\n".join(lines[:40] + (["…"] if len(lines) > 40 else []))
