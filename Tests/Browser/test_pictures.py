# SPDX-License-Identifier: Apache-2.0
"""The playground of a model of pictures and of one that recommends: a file that is dropped, the map, a list of items."""

import base64
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import urllib.request
import zlib

from selenium.webdriver import Keys

from accessibility import COMPLAINTS, OVERFLOW
from browser import PROJECT, BrowserTest, ModelServer


def png(width, height, pixels):
    """A PNG of red, green and blue."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes(sum(pixels[y * width:(y + 1) * width], ())) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def light(chance, is_red, side=8):
    """A traffic light: a red square at the top or a green one at the bottom, on gray noise."""
    pixels = [(chance.randrange(90),) * 3 for _ in range(side * side)]
    for y in range(2):
        for x in range(3, 5):
            pixels[((1 if is_red else side - 3) + y) * side + x] = (230, 40, 30) if is_red else (40, 220, 60)
    return png(side, side, pixels)


# Drops a file on the pad, as a hand would.
DROP = """
const [text, name] = arguments;
const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
const transfer = new DataTransfer();
transfer.items.add(new File([bytes], name, { type: "image/png" }));
document.querySelector(".pad").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
"""


class PictureTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        chance = random.Random(3)
        for label in ("red", "green"):
            (cls.folder / "lights" / label).mkdir(parents=True)
            for number in range(60):
                (cls.folder / "lights" / label / f"{number}.png").write_bytes(light(chance, label == "red"))
        cls.train("lights", "--model", "cnn", "--set", "model.channels=[4]", "--epochs", "30", "--learning-rate", "0.02")
        lines = ["customer,dish,stars"]
        for customer in range(12):
            likes = chance.sample(range(8), 5)
            lines += [f"guest-{customer},dish-{dish},{5 if (customer + dish) % 2 else 2}" for dish in likes]
        (cls.folder / "dishes.csv").write_text("\n".join(lines) + "\n")
        cls.train("dishes.csv", "--target", "stars", "--model", "factors", "--task", "recommendation", "--epochs", "20",
                  "--set", "recommendation.user=customer", "--set", "recommendation.item=dish", "--set", "recommendation.top=4")
        cls.server = ModelServer(cls.folder / "models" / "lights", cls.folder / "models" / "dishes")
        cls.addClassCleanup(cls.server.stop)

    @classmethod
    def train(cls, source, *options):
        name = source.split(".")[0]
        command = [os.environ["SWIFTLET"], "train", str(cls.folder / source), *options, "--quiet"]
        run = subprocess.run(
            command + ["--output", str(cls.folder / "models" / name)], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stderr

    def show(self, model):
        self.browser.get("about:blank")
        self.browser.get(f"{self.server.address}/#{model}")
        self.wait_for(lambda: self.find("h1").text == model and self.find(".headline").text not in ("", "…"), model)

    def drop(self, file, name="light.png"):
        self.script(DROP, base64.b64encode(file).decode(), name)

    def answer_of(self, file):
        request = urllib.request.Request(
            f"{self.server.address}/v1/models/lights:predict", file, {"Content-Type": "image/png"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["predictions"][0]

    def test_dropped_picture_is_asked_about_as_the_server_reads_it(self):
        self.show("lights")
        self.assertIn("open a picture", self.find(".detail").text)
        for is_red in (True, False):
            # Larger than the model's pictures, so both must make it smaller in the same way.
            file = light(random.Random(9), is_red, side=8 if is_red else 19)
            self.drop(file)
            said = self.answer_of(file)
            self.wait_for(lambda: self.find(".headline").text == said["label"], said["label"])
            shown = json.loads(self.find("[aria-label='The request in curl']").text.split("-d '")[1].split("'")[0])
            tensor = shown["inputs"][0]
            self.assertEqual(tensor["shape"], [1, 3, 8, 8])
            answered = self.server.ask("/v2/models/lights/infer", shown)["outputs"]
            probabilities = next(each["data"] for each in answered if each["name"] == "probabilities")
            for mine, theirs in zip(probabilities, said["probabilities"], strict=True):
                self.assertAlmostEqual(mine, theirs, places=2)

    def test_color_is_shown_as_it_is(self):
        self.show("lights")
        self.drop(light(random.Random(1), True))
        read = "return [...document.querySelector('.seen').getContext('2d').getImageData(%s, %s, 1, 1).data]"
        at = lambda x, y: self.script(read % (x, y))
        self.wait_for(lambda: at(3, 1)[:3] == [230, 40, 30], "the red lamp")
        self.picture("light-dropped")

    def test_map_shows_where_the_lamps_are(self):
        self.show("lights")
        self.assertFalse(self.find(".looks").is_displayed())
        self.drop(light(random.Random(2), False))
        self.wait_for(lambda: self.find(".looks").is_displayed(), "the map")
        self.assertIn("the answer green", self.find(".looks canvas").get_attribute("aria-label"))
        read = "return [...document.querySelector('.looks canvas').getContext('2d').getImageData(0, 0, 8, 8).data]"
        shares = self.script(read)[3::4]
        self.assertEqual(max(shares), 255)
        self.assertEqual(len(shares), 64)
        next(button for button in self.find_all("button") if button.text == "Clear").click()
        self.wait_for(lambda: not self.find(".looks").is_displayed(), "no map of nothing")

    def test_file_that_is_no_picture_is_told(self):
        self.show("lights")
        self.drop(b"not a picture", "letter.txt")
        self.wait_for(lambda: "“letter.txt” cannot be opened as a picture." in self.find(".drawing [role=alert]").text, "the sentence")

    def test_list_for_a_user(self):
        self.show("dishes")
        user = self.find("#user")
        self.assertEqual(self.find("#top").get_attribute("value"), "4")
        user.send_keys(Keys.CONTROL, "a")
        user.send_keys("guest-3")
        body = {
            "inputs": [{"name": "customer", "datatype": "BYTES", "shape": [1, 1], "data": ["guest-3"]}],
            "parameters": {"top": 4},
        }
        outputs = {tensor["name"]: tensor["data"] for tensor in self.server.ask("/v2/models/dishes/infer", body)["outputs"]}
        names = lambda: [each.text for each in self.find_all(".ranking .name")]
        self.wait_for(lambda: names() == outputs["items"], "the list of the interface")
        self.assertEqual(self.find(".headline").text, outputs["items"][0])
        length = self.find("#top")
        length.send_keys(Keys.CONTROL, "a")
        length.send_keys("2")
        self.wait_for(lambda: names() == outputs["items"][:2], "two items")
        user.send_keys("0000")
        self.wait_for(lambda: "does not know guest-30000" in self.find(".detail").text, "the word about strangers")
        user.send_keys(Keys.CONTROL, "a")
        user.send_keys(Keys.BACKSPACE)
        self.wait_for(lambda: "Name a user" in self.find(".detail").text, "the invitation")

    def test_pages_can_be_used_by_all(self):
        for model in ("lights", "dishes"):
            for width in (1280, 360):
                self.look(width, 800)
                self.show(model)
                if model == "lights":
                    self.drop(light(random.Random(2), False))
                    self.wait_for(lambda: self.find(".looks").is_displayed(), "the map")
                self.assertEqual(self.script(COMPLAINTS), [], model)
                self.assertEqual(self.script(OVERFLOW), 0, f"{model} at {width}")
