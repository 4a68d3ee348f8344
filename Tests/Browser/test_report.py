# SPDX-License-Identifier: Apache-2.0
"""The pages of `report` and of `inspect --report`, opened from a file: on a desk, on a phone and in the dark."""

import os
import pathlib
import subprocess
import tempfile

from accessibility import COMPLAINTS, OVERFLOW
from browser import PROJECT, BrowserTest

# Charts whose letters are smaller than 11 points; one that is wider than the page can be moved instead.
TINY = """
return [...document.querySelectorAll("svg")].filter((chart) => {
  const letters = [...chart.querySelectorAll("text")].filter((text) => text.textContent.trim());
  const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width;
  return letters.some((text) => parseFloat(getComputedStyle(text).fontSize) * scale < 10.5);
}).map((chart) => chart.querySelector("title").textContent);
"""

DIRTY = "name,größe,\"quoted, comma\",empty,same\n" + "".join(
    f"n{i},{i % 7},\"a, <b>{i % 4}</b> and a name that is much too long for a chart\",,7\n" for i in range(60)) + "x,1e300,z,,7\n"


class ReportTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def page(self, name, *words):
        """Writes a page, opens it, and looks at it in each way."""
        file = self.folder / f"{name}.html"
        subprocess.run([os.environ["SWIFTLET"], *words, str(file)], cwd=PROJECT, check=True, capture_output=True, timeout=60)
        self.browser.get(file.as_uri())
        for width, dark in [(1280, False), (390, False), (390, True)]:
            with self.subTest(page=name, width=width, dark=dark):
                self.look(width, 844, dark)
                self.assertEqual(self.script(OVERFLOW), 0)
                self.assertEqual(self.script(COMPLAINTS), [])
                self.assertEqual(self.script(TINY), [])
                self.picture(f"{name}-{width}{'-dark' if dark else ''}")

    def test_models(self):
        for model in ["iris", "breast-cancer", "digits"]:
            self.page(f"report-{model}", "report", f"Models/{model}", "--output")

    def test_data(self):
        for data in ["ratings", "road-signs", "german-credit", "concrete"]:
            self.page(f"data-{data}", "inspect", f"Datasets/{data}", "--report")

    def test_dirty_data(self):
        dirty = self.folder / "dirty.csv"
        dirty.write_text(DIRTY)
        self.page("data-dirty", "inspect", str(dirty), "--report")
