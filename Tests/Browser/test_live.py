# SPDX-License-Identifier: Apache-2.0
"""The page of `train --live`: it draws while the training goes on, and says how it ended."""

import os
import re
import signal
import subprocess
import tempfile

from accessibility import COMPLAINTS, OVERFLOW
from browser import PROJECT, BrowserTest


class LiveTest(BrowserTest):
    # A training that is killed, and a page that does not keep up with thousands of epochs a second, end in the middle.
    expected_complaint = r"/events - Failed to load resource: net::ERR_INCOMPLETE_CHUNKED_ENCODING"

    def train(self, *words):
        """Begins a training that somebody may watch, and opens its page."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        process = subprocess.Popen(
            [os.environ["SWIFTLET"], "train", *words, "--live", "--quiet", "--no-track", "--output", f"{folder.name}/model"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=PROJECT,
        )
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait, timeout=20)
        self.addCleanup(process.kill)
        line = next(line for line in process.stderr if "http://" in line)
        self.browser.get("about:blank")
        self.browser.get(re.search(r"http://127\.0\.0\.1:\d+/", line)[0])
        return process

    def state(self):
        return self.find("#state").text

    def epoch(self):
        return int(re.match(r"Epoch (\d+):", self.state())[1])

    def assert_sound(self, name):
        """Nothing overflows, nothing is told that a reader cannot see, and the smallest text is readable and whole."""
        self.assertEqual(self.script(OVERFLOW), 0)
        self.assertEqual(self.script(COMPLAINTS), [])
        heights = self.script("return [...document.querySelectorAll('svg text')].filter(t => t.textContent)"
                              ".map(t => t.getBoundingClientRect().height)")
        self.assertGreater(min(heights), 11)
        edges = self.script("const left = document.querySelector('svg').getBoundingClientRect().left;"
                            "return [...document.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().left - left)")
        self.assertGreaterEqual(min(edges), 0)
        self.picture(name)

    LONG = ["Datasets/breast-cancer", "--model", "mlp", "--epochs", "200000", "--set", "training.early_stopping=none"]

    def test_curve_grows_at_both_widths_and_in_the_dark_and_the_end_is_told(self):
        training = self.train(*self.LONG, "--learning-rate", "0.1", "--set", "split.validation=0.2")
        self.wait_for(lambda: self.epoch() > 20, "twenty epochs")
        self.assertEqual(self.find("h1").text, "model")
        for width, dark in [(1280, False), (390, False), (390, True)]:
            self.look(width, 844, dark)
            before = self.epoch()
            self.wait_for(lambda: self.epoch() > before + 20, "more epochs")
            self.assertGreater(len(self.find("#train").get_attribute("points").split()), 20)
            self.assertGreater(len(self.find("#validation").get_attribute("points").split()), 20)
            self.assert_sound(f"live-{width}{'-dark' if dark else ''}")
        self.wait_for(lambda: self.find("#findings li").text.startswith("D1: The step is too large"), "the diagnosis")
        self.find("summary").click()
        self.assertEqual(len(self.find_all("#rows tr")), 20)
        training.send_signal(signal.SIGINT)
        self.wait_for(lambda: self.state().startswith("Over after "), "the end")
        self.assertIn("(interrupted)", self.state())
        self.assertEqual(training.wait(timeout=20), 130)

    def test_reader_who_comes_late_sees_all_epochs(self):
        self.train(*self.LONG)
        self.wait_for(lambda: self.epoch() > 50, "fifty epochs")
        address = self.browser.current_url
        self.browser.get("about:blank")
        self.browser.get(address)
        self.wait_for(lambda: self.epoch() > 50, "the epochs again")
        first = self.find("#train").get_attribute("points").split()[0]
        self.assertTrue(first.startswith("60.0,"), first)  # the left end of the axis, epoch 1
