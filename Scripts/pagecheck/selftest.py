# SPDX-License-Identifier: Apache-2.0
"""The check tried on planted faults: one that cannot fail proves nothing."""
import pathlib
import tempfile

SOUND = """# A page
It says 0.12, which is 12 percent of 1,000, in `Package.swift`. See [above](#a-page).

```console
$ printf 'share 0.1234\\nof 1000, %s\\n' "$RANDOM"
> exit 3
share 0.1234
of 1000, …
(exit 3)
```

```swift
import PackageDescription
```
"""

PLANTED = {
    "another output": ("share 0.1234\nof", "share 0.1235\nof"),
    "a line too few": ("share 0.1234\nof 1000, …\n", "share 0.1234\n"),
    "another exit code": ("(exit 3)", "(exit 4)"),
    "a command that fails": ("```console", "```sh\nfalse\n```\n\n```console"),
    "a figure that nothing prints": ("It says 0.12", "It says 0.13"),
    "another percentage": ("12 percent", "13 percent"),
    "a path that is not there": ("`Package.swift`", "`Sources/Nowhere.swift`"),
    "a link that leads nowhere": ("(#a-page)", "(#another-page)"),
    "a listing that stands nowhere": ("import PackageDescription", "import PackageDescriptions"),
    "a flag that is none": ("in `Package", "`swiftlet train --learning-rat 1` in `Package"),
    "a flag of another command within": ("in `Package", "`swiftlet runs list --mlflow URL` in `Package"),
    "a block of no kind": ("```swift", "```"),
}


def unnoticed(root, faults_of) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.md"
        page.write_text(SOUND, encoding="utf-8")
        missed = [f"nothing is wrong: {fault}" for fault in faults_of(page, root, False)]
        for name, (sound, fault) in PLANTED.items():
            page.write_text(SOUND.replace(sound, fault), encoding="utf-8")
            if not faults_of(page, root, False):
                missed.append(name)
        page.write_text(SOUND + "\n```sh\nprintf '<svg>new 1</svg>' >p.svg\n```\n", encoding="utf-8")
        (page.parent / "Resources").mkdir()
        for shown, is_sound in (("<svg>new 2</svg>", True), ("<svg>old 1</svg>", False)):
            (page.parent / "Resources/p.svg").write_text(shown)
            if bool(faults_of(page, root, False)) == is_sound:
                missed.append("a picture that another command drew")
    return missed
