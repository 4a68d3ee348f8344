# SPDX-License-Identifier: Apache-2.0
"""A server on loopback and a browser that looks at it, both ended with the test that began them."""

import base64
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import unittest
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SCREENSHOTS = pathlib.Path(os.environ["SCREENSHOTS"])


class ModelServer:
    """`swiftlet serve` on a free port."""

    def __init__(self, *models, options=()):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [os.environ["SWIFTLET"], "serve", *map(str, models), "--port", str(port), *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=PROJECT,
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.ask("/v2/health/ready")
                return
            except OSError:
                time.sleep(0.05)
        self.process.kill()
        raise AssertionError(f"the server did not start: {self.process.communicate()[1]}")

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def stop(self):
        self.process.kill()
        self.process.wait(timeout=10)
        self.process.stderr.close()


def open_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    # --no-sandbox, because a container's root may not make one; the pages are our own.
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    browser.set_page_load_timeout(20)
    browser.set_script_timeout(20)
    return browser


class BrowserTest(unittest.TestCase):
    """A test with one browser for the class. The console must stay silent, whatever a test does."""

    @classmethod
    def setUpClass(cls):
        cls.browser = open_browser()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.look(1280, 900)

    def tearDown(self):
        complaints = [entry["message"] for entry in self.browser.get_log("browser")]
        expected = getattr(self, "expected_complaint", None)
        complaints = [text for text in complaints if not (expected and re.search(expected, text))]
        self.assertEqual(complaints, [])

    def look(self, width, height, dark=False):
        """Sets the size of the page and the scheme of its colors."""
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def module(self, name, text, *arguments):
        """Runs `text` with a module of the page as `m`, and gives what it returns."""
        return self.browser.execute_async_script(
            f"const done = arguments[arguments.length - 1]; const args = [...arguments];"
            f"import('/assets/{name}').then(m => done((() => {{ {text} }})())).catch(e => done(String(e)))",
            *arguments,
        )

    def wait_for(self, condition, what):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                if value := condition():
                    return value
            except Exception:  # an element that was just replaced is looked for again
                pass
            time.sleep(0.05)
        self.fail(f"waited for {what}; the page says: {self.find('main').text[:600]}")

    def picture_of_window(self, name):
        self.browser.save_screenshot(str(SCREENSHOTS / f"{name}.png"))

    def picture(self, name):
        """Keeps a picture of the whole page."""
        size = self.script("return [innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
        data = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(data["data"]))
