# SPDX-License-Identifier: Apache-2.0
"""The playground, used as a person uses it: with a pointer, with the keyboard, on a phone, in the dark."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import pathlib

from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.support.ui import Select

from accessibility import COMPLAINTS, OVERFLOW
from browser import PROJECT, BrowserTest, ModelServer

# Strokes of digits in a square from 0 to 1.
STROKES = {
    "0": [[(0.5, 0.15), (0.3, 0.3), (0.27, 0.55), (0.35, 0.8), (0.5, 0.86), (0.66, 0.78), (0.72, 0.5), (0.66, 0.25), (0.5, 0.15)]],
    "1": [[(0.5, 0.15), (0.5, 0.85)]],
    "2": [[(0.3, 0.3), (0.4, 0.17), (0.58, 0.16), (0.68, 0.28), (0.62, 0.45), (0.3, 0.84), (0.72, 0.84)]],
    "3": [[(0.3, 0.2), (0.5, 0.15), (0.66, 0.25), (0.62, 0.4), (0.45, 0.48), (0.65, 0.55), (0.7, 0.7), (0.58, 0.83), (0.4, 0.85), (0.28, 0.78)]],
    "4": [[(0.55, 0.15), (0.28, 0.6), (0.75, 0.6)], [(0.6, 0.4), (0.58, 0.86)]],
    "7": [[(0.28, 0.18), (0.72, 0.18), (0.48, 0.85)]],
}


class PlaygroundTest(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        models = PROJECT / "Models"
        cls.server = ModelServer(models / "iris", models / "breast-cancer", models / "digits")
        cls.addClassCleanup(cls.server.stop)

    def show(self, model, *, width=1280, height=900, dark=False):
        self.look(width, height, dark)
        self.browser.get("about:blank")
        self.browser.get(f"{self.server.address}/#{model}")
        self.wait_for(lambda: self.find("h1").text == model and self.answer() not in ("", "…"), f"the page of {model}")

    def answer(self):
        return self.find(".headline").text

    def fill(self, position, text):
        field = self.find(f"#field-{position}")
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.BACKSPACE if text == "" else text)

    def press(self, text):
        next(button for button in self.find_all("button") if button.text == text).click()

    def draw(self, strokes):
        pad = self.find(".pad")
        side = pad.size["width"]
        for stroke in strokes:
            hand = ActionChains(self.browser, duration=10)
            for i, (x, y) in enumerate(stroke):
                hand.move_to_element_with_offset(pad, (x - 0.5) * side, (y - 0.5) * side)
                if i == 0:
                    hand.click_and_hold()
            if len(stroke) == 1:
                hand.move_by_offset(1, 0)
            hand.release().perform()

    # A form.

    def test_form_answers_as_the_interface_does(self):
        self.show("iris")
        self.assertEqual(self.answer(), "setosa")
        for position, text in enumerate(["6.9", "3.2", "5,7", "2.3"]):  # a comma will do
            self.fill(position, text)
        self.wait_for(lambda: self.answer() == "virginica", "virginica")
        self.wait_for(lambda: "virginica" in self.find("[role=status]").get_attribute("textContent"), "the spoken answer")
        body = {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1, 4], "data": [6.9, 3.2, 5.7, 2.3]}]}
        outputs = {tensor["name"]: tensor["data"] for tensor in self.server.ask("/v2/models/iris/infer", body)["outputs"]}
        self.assertEqual(outputs["label"], ["virginica"])
        shown = [bar.text for bar in self.find_all(".answer > .bars .number")]
        for text, probability in zip(shown, outputs["probabilities"], strict=True):
            expected = f"{probability * 100:.1f} %" if 0.001 <= probability <= 0.999 else "0.1 %" if probability < 0.5 else "99.9 %"
            self.assertIn(expected, text)

    def test_slider_and_field_move_together(self):
        self.show("iris")
        slider = self.find(".field:nth-child(3) input[type=range]")
        slider.send_keys(Keys.END)
        self.assertEqual(self.find("#field-2").get_attribute("value"), "6.7")
        self.wait_for(lambda: self.answer() != "setosa", "another species")
        slider.send_keys(Keys.HOME)
        self.assertEqual(self.find("#field-2").get_attribute("value"), "1")
        self.wait_for(lambda: self.answer() == "setosa", "setosa")

    def test_missing_outside_and_wrong_values_are_told(self):
        self.show("iris")
        self.fill(2, "")
        hint = self.find("#field-2-hint")
        self.assertIn("Missing: the model takes 4.3 cm", hint.text)
        self.wait_for(lambda: "null" in self.find("[aria-label='The request in curl']").text, "null in the request")
        self.fill(2, "70")
        self.assertIn("Outside what it has seen", hint.text)
        self.fill(2, "long")
        self.assertEqual(hint.text, "This is not a number.")
        self.assertEqual(self.find("#field-2").get_attribute("aria-invalid"), "true")
        self.wait_for(lambda: "“petal_length_cm” is not a number." in self.find("[role=alert]").text, "the sentence")
        self.press("Example")
        self.wait_for(lambda: self.answer() == "setosa", "the example again")
        self.assertEqual(self.find_all("[role=alert]:not([hidden])"), [])

    def test_contributions_are_those_of_the_answer(self):
        self.show("breast-cancer")
        self.press("Means")
        # Every number at its mean: each share is near zero, and the score is nearly the base.
        shares = lambda: [float(each.text.replace("−", "-")) for each in self.find_all(".parts .number")]
        self.wait_for(lambda: len(shares()) == 12 and max(map(abs, shares())) < 0.02, "small contributions")
        self.press("Example")
        self.wait_for(lambda: self.answer() == "malignant", "malignant")
        Select(self.find("#why-of")).select_by_visible_text("benign")
        self.assertTrue(self.find(".parts .number").text.startswith("−"))
        Select(self.find("#why-of")).select_by_visible_text("malignant")
        self.assertTrue(self.find(".parts .number").text.startswith("+"))
        model = self.server.ask("/playground/models/breast-cancer")
        row = [[each["name"], each["example"]] for each in model["inputs"]]
        score = self.module("contributions.js", "return m.contributions(args[0], args[1], 1)", model, row)
        parts = {part["name"]: part["share"] for part in score["parts"]}
        first = model["inputs"][0]
        by_hand = model["linear"]["weights"][0][0] * (first["example"] - first["offset"]) * first["factor"]
        self.assertAlmostEqual(parts["mean_radius"], by_hand)
        self.assertAlmostEqual(score["total"], score["base"] + sum(parts.values()))

    # A drawing.

    def test_drawn_digits_are_read(self):
        self.show("digits")
        self.assertEqual(self.answer(), "0")  # the example
        self.press("Clear")
        self.wait_for(lambda: "Draw something" in self.find(".detail").text, "the invitation")
        for digit, strokes in STROKES.items():
            self.press("Clear")
            self.draw(strokes)
            self.wait_for(lambda: self.answer() == digit, f"a {digit}")
            if digit == "4":
                self.picture("digits-drawn")

    def test_pad_is_drawn_on_with_the_keyboard(self):
        self.show("digits")
        pad = self.find(".pad")
        pad.send_keys(Keys.DELETE)
        self.wait_for(lambda: "Draw something" in self.find(".detail").text, "an empty pad")
        pad.send_keys(Keys.ARROW_LEFT * 6, Keys.SPACE, Keys.ARROW_RIGHT * 12, Keys.ARROW_DOWN * 18, Keys.SPACE)
        self.wait_for(lambda: self.answer() == "7", "a 7 drawn with the arrows")
        self.assertTrue(self.find(".pen").is_displayed())

    def test_ink_is_counted_as_the_source_counted_it(self):
        # A black square, wherever it is and however large, becomes 20 by 32 points, is thinned twice (640 > 560),
        # and loses the rows and columns at its edges: 16 by 28 are left.
        for left, top, side in ((0, 0, 256), (40, 60, 100), (200, 10, 40)):
            counts = self.square("countedInk", left, top, side)
            self.assertEqual(sum(counts), 16 * 28, (left, top, side))
            self.assertEqual(counts[:8], [0, 0, 8, 8, 8, 8, 0, 0])
            self.assertEqual(counts[8:16], [0, 0, 16, 16, 16, 16, 0, 0])
        self.assertEqual(self.module("ink.js", "return m.countedInk(new Uint8Array(65536), 256)"), [0] * 64)
        # A slanted line stands upright when it was sheared.
        slanted = (
            "const b = new Uint8Array(65536); for (let y = 20; y < 220; y++) for (let x = 0; x < 24; x++)"
            " b[y * 256 + Math.round(40 + y / 2) + x] = 1; return [...m.normalizedInk(b, 256)]"
        )
        points = self.module("ink.js", slanted)
        columns = {i % 32 for i, point in enumerate(points) if point}
        self.assertLess(len(columns), 10)
        # Any other picture is drawn as it is: a quarter of a 2 by 2 picture.
        covered = self.module(
            "ink.js", "const b = new Uint8Array(65536).fill(0); for (let y = 0; y < 128; y++) b.fill(1, y * 256, y * 256 + 128);"
            " return m.coveredInk(b, 256, { width: 2, height: 2, max: 255 })")
        self.assertEqual(covered, [255, 0, 0, 0])

    def square(self, function, left, top, side):
        return self.module(
            "ink.js",
            f"const b = new Uint8Array(65536); const [x, y, s] = args; for (let i = y; i < y + s; i++)"
            f" b.fill(1, i * 256 + x, i * 256 + x + s); return [...m.{function}(b, 256)]", left, top, side)

    # What else is on the page.

    def test_snippets_run_as_they_are(self):
        self.show("iris")
        self.fill(2, "4.5")
        self.fill(1, "2.5")
        self.fill(3, "1.4")
        self.wait_for(lambda: self.answer() == "versicolor", "versicolor")
        self.wait_for(lambda: "1.4]" in self.find("[aria-label='The request in curl']").text, "the request")
        texts = {}
        for language in ("curl", "Python", "Swift"):
            self.press(language)
            texts[language] = self.find(f"[aria-label='The request in {language}'] code").text
        with tempfile.TemporaryDirectory() as folder:
            for language, command in (("curl", ["bash"]), ("Python", ["python3"])):
                file = pathlib.Path(folder, language)
                file.write_text(texts[language])
                done = subprocess.run([*command, file], capture_output=True, text=True, timeout=20)
                self.assertIn("versicolor", done.stdout, done.stderr)
            if shutil.which("swiftc"):
                file = pathlib.Path(folder, "main.swift")
                file.write_text(texts["Swift"])
                subprocess.run(["swiftc", file, "-o", f"{folder}/program"], check=True, timeout=120, capture_output=True)
                done = subprocess.run([f"{folder}/program"], capture_output=True, text=True, timeout=20)
                self.assertIn("versicolor", done.stdout, done.stderr)

    def test_snippets_survive_quotes(self):
        self.show("iris")
        value = "it's \"#quoted\\# 'and' $HOME `x`, y: z\nnew"
        request = {"inputs": [{"name": value, "data": [None, 1.5]}]}
        texts = dict(self.module("snippets.js", "return m.snippets('http://h/', args[0], false)", request))
        for command, text in ((["bash", "-c"], texts["curl"].replace("curl", "printf '%s\\n'")), (["python3", "-c"], texts["Python"])):
            if command[0] == "python3":
                text = text.split("headers =")[0] + "print(body)"
            said = subprocess.run([*command, text], capture_output=True, text=True, timeout=20).stdout
            self.assertEqual(json.loads(said.strip().splitlines()[-1]), request, command)
        self.assertIn('let body = ##"{', texts["Swift"])

    def test_card_and_figures_are_shown(self):
        self.show("iris")
        self.press("Model card")
        self.assertIn("How good it is", self.find(".prose").text)
        self.assertNotIn("model-index", self.find(".prose").text)
        self.picture("iris-card")
        self.press("Figures")
        model = self.server.ask("/playground/models/iris")
        row = next(row for row in self.find_all("main table tr") if row.text.startswith("accuracy"))
        self.assertIn(f"{model['metrics']['test']['accuracy']:.4f}", row.text)
        self.assertIn(f"{model['baseline']['accuracy']:.4f}", row.text)
        self.picture("iris-figures")

    def test_nothing_comes_from_elsewhere(self):
        self.show("digits")
        names = self.script("return performance.getEntriesByType('resource').map(entry => entry.name)")
        self.assertGreater(len(names), 10)
        for name in names:
            self.assertTrue(name.startswith(self.server.address), name)

    def test_keyboard_reaches_everything(self):
        self.show("iris")
        self.script("document.activeElement.blur(); scrollTo(0, 0)")
        reached = []
        for _ in range(40):
            self.browser.switch_to.active_element.send_keys(Keys.TAB)
            name = self.script(
                "const e = document.activeElement; return e === document.body ? '' : e.id || e.getAttribute('aria-label') || e.textContent")
            ring = self.script("const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || document.activeElement === document.body")
            self.assertTrue(ring, f"{name} shows no focus")
            if name in reached or not name:
                break
            reached.append(name)
        for name in ("To the model", "Swiftlet", "iris", "breast-cancer", "digits", "Interface", "Example", "Means", "field-0",
                     "sepal_length_cm, slider", "why-of", "tab-more-about-the-model-0", "tab-language-0", "Copy"):
            self.assertIn(name, reached)
        tab = self.find("#tab-more-about-the-model-0")
        tab.send_keys(Keys.ARROW_RIGHT)
        self.assertEqual(self.find("[aria-selected=true]").text, "Model card")
        self.assertEqual(self.script("return document.activeElement.textContent"), "Model card")
        self.browser.switch_to.active_element.send_keys(Keys.END)
        self.assertEqual(self.find("[aria-selected=true]").text, "Figures")

    def test_accessible_in_light_and_dark_and_on_a_phone(self):
        for model in ("iris", "breast-cancer", "digits"):
            for dark in (False, True):
                for width in (1280, 390, 320):
                    self.show(model, width=width, height=844 if width < 600 else 900, dark=dark)
                    for tab in ("Use it", "Model card", "Figures"):
                        self.press(tab)
                        name = f"{model}, {tab}, {width} points, {'dark' if dark else 'light'}"
                        self.assertEqual(self.script(COMPLAINTS), [], name)
                        self.assertEqual(self.script(OVERFLOW), 0, name)
                    if width != 320:
                        self.press("Use it")
                        self.picture(f"{model}-{width}-{'dark' if dark else 'light'}")

    def test_checks_notice_what_is_wrong(self):
        self.show("iris")
        faults = {
            "has no name": "<input>",
            "stands twice": "<p id='stage'>twice</p>",
            "contrast": "<p class='faint'>faint</p>",
            "has no alt": "<img src='/assets/swiftlet.svg'>",
            "comes": "<h6>deep</h6>",
            "leads nowhere": "<button aria-describedby='nothing'>somewhere</button>",
            "is too small": "<button class='tiny'>tiny</button>",
            "has no scope": "<table><tr><th>head</th></tr></table>",
        }
        self.script("window.planted = document.createElement('div'); document.querySelector('main').append(planted)")
        for words, markup in faults.items():
            self.script(
                "planted.innerHTML = arguments[0];"
                "for (const n of planted.querySelectorAll('.faint')) n.style.color = '#999';"
                "for (const n of planted.querySelectorAll('.tiny')) n.style.cssText = 'min-height:0;height:10px;padding:0'", markup)
            self.assertTrue(any(words in complaint for complaint in self.script(COMPLAINTS)), words)
        self.script("planted.innerHTML = ''; planted.style.cssText = 'width:2000px;height:1px'")
        self.assertGreater(self.script(OVERFLOW), 0)

    def test_answer_stays_in_sight_on_a_phone(self):
        self.show("breast-cancer", width=390, height=844)
        brief = self.find(".brief")
        self.assertTrue(brief.is_displayed())
        self.assertEqual(brief.text, "malignant, > 99.9 %")
        self.picture_of_window("brief")
        self.script("document.querySelector('.headline').scrollIntoView({ block: 'center' })")
        self.wait_for(lambda: not brief.is_displayed(), "the line to go when the answer is seen")
        self.look(1280, 900)
        self.script("scrollTo(0, document.body.scrollHeight)")
        self.assertFalse(brief.is_displayed())

    def test_models_are_changed_by_their_links(self):
        self.show("iris")
        next(link for link in self.find_all("#models a") if link.text == "digits").click()
        self.wait_for(lambda: self.find("h1").text == "digits" and self.find(".pad"), "digits")
        self.assertEqual(self.find("[aria-current=page]").text, "digits")
        self.browser.back()
        self.wait_for(lambda: self.find("h1").text == "iris", "iris again")

    def test_docs_are_read_and_tried(self):
        self.browser.get(f"{self.server.address}/docs")
        self.wait_for(lambda: self.find_all(".route") or self.find_all("[role=alert]"), "the routes")
        methods = {"get", "post", "put", "delete", "head", "options", "patch"}
        operations = [
            item[method] for item in self.server.ask("/openapi.json")["paths"].values() for method in set(item) & methods]
        models = {operation["x-swiftlet-model"] for operation in operations if "x-swiftlet-model" in operation}
        choices = [option.get_attribute("value") for option in self.find_all("#model option")]
        self.assertEqual(sorted(choices), sorted(models))
        # Each path stands there once, and whichever model is chosen, all that it can be asked.
        for model in reversed(choices):
            self.find(f"#model option[value='{model}']").click()
            shown = [tuple(card.text.splitlines()[0:2]) for card in self.find_all(".route")]
            count = sum(operation.get("x-swiftlet-model") in (None, model) for operation in operations)
            self.assertEqual(len(shown), count, model)
            self.assertEqual(len(set(shown)), count, shown)
        self.assertGreater(count, 5, "the document tells few routes")
        self.script("for (const card of document.querySelectorAll('.route')) card.open = true")
        self.wait_for(lambda: len(self.find_all(".route .inside")) == count, "the insides")
        for dark in (False, True):
            self.look(1280, 900, dark)
            self.assertEqual(self.script(COMPLAINTS), [])
        for width in (390, 320):
            self.look(width, 844)
            self.assertEqual(self.script(OVERFLOW), 0)
        self.look(1280, 900)
        # Every example that the document gives is answered.
        tried = 0
        for card in self.find_all(".route"):
            route = card.text.splitlines()[0:2]
            if not any("infer" in line or "predict" in line or "health" in line for line in route):
                continue
            button = card.find_element("css selector", "button[type=submit]")
            self.script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", button)
            status = card.find_element("css selector", ".status")
            self.wait_for(lambda: status.text and status.text != "…", "an answer")
            self.assertTrue(status.text.startswith("200"), (route, status.text))
            tried += 1
        self.assertGreater(tried, 1)
        self.script("for (const card of document.querySelectorAll('.route')) card.open = false")
        self.script("[...document.querySelectorAll('.route')].find(card => card.textContent.includes('{model}/infer')).open = true; scrollTo(0, 0)")
        self.picture("docs")
        self.look(390, 844, dark=True)
        self.picture("docs-phone")


class StrangeModelTest(BrowserTest):
    """Models that come from anywhere, and servers that are strict or gone."""

    def copy(self, folder, change):
        target = pathlib.Path(folder, "strange")
        shutil.copytree(PROJECT / "Models" / "iris", target)
        document = json.loads((target / "model.json").read_text())
        change(document, target)
        (target / "model.json").write_text(json.dumps(document))
        return target

    def test_names_labels_and_cards_are_never_markup(self):
        attack = "<img src=x onerror=alert(1)>"

        def change(document, target):
            document["signature"]["labels"] = [attack, "<script>alert(2)</script>", "c\"'&"]
            card = f"# {attack}\n\n{attack} [click](javascript:alert(3)) <https://h>\n\n- {attack}\n\n| {attack} |\n| --- |\n| `{attack}` |\n\n```\n</code>{attack}"
            (target / "README.md").write_text(card)

        with tempfile.TemporaryDirectory() as folder:
            server = ModelServer(self.copy(folder, change))
            self.addCleanup(server.stop)
            self.browser.get(server.address)
            self.wait_for(lambda: self.find(".headline").text == attack, "the label as text")
            for title in ("Figures", "Model card"):
                next(tab for tab in self.find_all("[role=tab]") if tab.text == title).click()
            self.assertEqual(self.find_all("main img, main script, main iframe, main a[href^='javascript:']"), [])
            self.assertEqual(self.find(".prose").text.count(attack), 6)

    def test_key_is_asked_for(self):
        self.expected_complaint = "401"  # the browser itself notes every refusal
        server = ModelServer(PROJECT / "Models" / "iris", options=["--api-key", "open sesame"])
        self.addCleanup(server.stop)
        self.browser.get(server.address)
        self.wait_for(lambda: self.find("#key"), "the field for the key")
        self.find("#key").send_keys("wrong", Keys.ENTER)
        self.wait_for(lambda: "refused" in self.find(".key").text, "the refusal")
        self.find("#key").send_keys("open sesame", Keys.ENTER)
        self.wait_for(lambda: self.find(".headline").text == "setosa", "the answer")
        self.assertIn("$SWIFTLET_API_KEY", self.find("[aria-label='The request in curl']").text)
        self.assertNotIn("open sesame", self.find("main").get_attribute("textContent"))

    def test_server_that_is_gone_is_told(self):
        self.expected_complaint = "ERR_CONNECTION"
        server = ModelServer(PROJECT / "Models" / "iris")
        self.addCleanup(server.stop)
        self.browser.get(server.address)
        self.wait_for(lambda: self.find(".headline").text == "setosa", "the answer")
        server.process.kill()
        self.find("#field-0").send_keys("1")
        self.wait_for(lambda: "Is it still running?" in self.find("[role=alert]").text, "the sentence")


class OtherModelsTest(BrowserTest):
    """Columns of every type, a prediction in its unit, and images."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        rows = ["size,color,sold,price"]
        for i in range(60):
            color, sold = ("red", "blue", "green")[i % 3], ("yes", "no")[i // 3 % 2]
            size = "" if i == 7 else f"{i / 10}"
            rows.append(f"{size},{color},{sold},{3 * i / 10 + (10 if color == 'red' else 0) + (5 if sold == 'yes' else 0):.2f}")
        csv = pathlib.Path(cls.folder.name, "prices.csv")
        csv.write_text("\n".join(rows) + "\n")
        cls.prices = cls.train(csv, "--target", "price", "--model", "linear", "--l2", "0.01")
        cls.concrete = cls.train("Datasets/concrete", "--model", "linear")
        # It need not be good, only to be asked.
        cls.fashion = cls.train("Datasets/fashion-mini", "--model", "logistic", "--set", "training.max_iterations=2")
        cls.digits = cls.train("Datasets/digits", "--model", "logistic", "--set", "training.max_iterations=5")
        cls.server = ModelServer(cls.prices, cls.concrete, cls.fashion, cls.digits)
        cls.addClassCleanup(cls.server.stop)

    @classmethod
    def train(cls, source, *flags):
        model = pathlib.Path(cls.folder.name, pathlib.Path(source).stem)
        command = [os.environ["SWIFTLET"], "train", source, *flags, "--output", model, "--quiet"]
        subprocess.run(command, check=True, cwd=PROJECT, capture_output=True, timeout=120)
        return model

    def show(self, model):
        self.browser.get("about:blank")
        self.browser.get(f"{self.server.address}/#{model}")
        self.wait_for(lambda: self.find("h1").text == model and self.find(".headline").text not in ("", "…"), model)

    def price(self):
        return float(self.find(".headline").text.split()[1])

    def test_categories_truth_values_and_numbers(self):
        self.show("prices")
        kinds = {each["name"]: each["type"] for each in self.server.ask("/playground/models/prices")["inputs"]}
        self.assertEqual(kinds, {"size": "number", "color": "category", "sold": "boolean"})
        self.assertEqual([each.text for each in Select(self.find("#field-1")).options], ["blue", "green", "red", "missing"][-1:] + ["blue", "green", "red"])
        size = self.find("#field-0")
        size.send_keys(Keys.CONTROL, "a")
        size.send_keys("2")
        Select(self.find("#field-1")).select_by_visible_text("red")
        Select(self.find("#field-2")).select_by_visible_text("yes")
        self.wait_for(lambda: abs(self.price() - 21) < 0.3, "the price of a red one that is sold")
        Select(self.find("#field-2")).select_by_visible_text("no")
        self.wait_for(lambda: abs(self.price() - 16) < 0.3, "the price of a red one")
        parts = self.find_all(".parts .name")
        self.assertTrue(any(part.text == "color red" for part in parts), [part.text for part in parts])
        self.assertIn(f"to {self.find('.headline').text.split()[1]}.", self.find(".why > .hint").text)
        Select(self.find("#field-1")).select_by_visible_text("missing")
        self.wait_for(lambda: '"color", "datatype": "BYTES", "shape": [1, 1], "data": [null]' in self.find("[aria-label='The request in curl']").text, "null")
        self.assertEqual(self.find_all("[role=alert]:not([hidden])"), [])
        self.assertEqual(self.script(COMPLAINTS), [])
        self.picture("prices")

    def test_prediction_has_its_unit(self):
        self.show("concrete")
        self.assertTrue(self.find(".headline").text.endswith(" MPa"), self.find(".headline").text)
        self.assertIn("kg/m³", self.find(".field label").text)
        self.assertEqual(self.script(COMPLAINTS), [])

    def test_parts_of_a_picture_are_in_its_cells(self):
        self.show("digits")
        self.wait_for(lambda: len(self.find_all(".map span")) == 64, "the map of the parts")
        self.assertEqual(self.find(".map span").get_attribute("title"), "p00 +0.00")  # no input of the model
        self.assertTrue(self.find_all(".map .against") and self.find_all(".map .for"))
        self.assertEqual(self.script(COMPLAINTS), [])
        self.picture("digits-parts")

    def test_image_is_drawn_and_answered(self):
        self.show("fashion-mini")
        self.assertIn("Draw something", self.find(".detail").text)
        pad = self.find(".pad")
        pad.send_keys(Keys.SPACE, Keys.ARROW_DOWN * 10, Keys.SPACE)
        labels = self.server.ask("/playground/models/fashion-mini")["labels"]
        self.wait_for(lambda: self.find(".headline").text in labels, "a label")
        self.assertEqual(len(self.find_all(".answer > .bars .bar")), 10)
        self.assertEqual(self.script(COMPLAINTS), [])
        self.picture("fashion-mini")


class LivePageTest(BrowserTest):
    """The page that `swiftlet export` writes, opened from a file: it has no server to ask."""

    def open(self, model):
        folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        page = folder / "page.html"
        subprocess.run([os.environ["SWIFTLET"], "export", PROJECT / "Models" / model, "--output", page], check=True, stdout=subprocess.DEVNULL)
        self.browser.get(page.as_uri())
        self.wait_for(lambda: self.find(".headline").text not in ("", "…"), f"the answer of {model}")

    def test_form_answers_without_a_server(self):
        self.open("iris")
        self.assertEqual(self.find(".headline").text, "setosa")
        self.assertTrue(self.find(".why").is_displayed())
        for position, text in ((2, "5.7"), (3, "2.3")):
            field = self.find(f"#field-{position}")
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(text)
        self.wait_for(lambda: self.find(".headline").text == "virginica", "virginica")
        self.assertNotIn("Use it", [tab.text for tab in self.find_all("[role=tab]")])
        self.assertEqual(self.script("return performance.getEntriesByType('resource').filter((each) => !each.name.startsWith('data:')).length"), 0)

    def test_looks_right_in_light_and_dark_and_on_a_phone(self):
        for model in ("iris", "digits"):
            self.open(model)
            for width, dark in ((1280, False), (1280, True), (390, False)):
                self.look(width, 900, dark)
                name = f"live-{model}-{width}-{'dark' if dark else 'light'}"
                self.assertEqual(self.script(COMPLAINTS), [], name)
                self.assertEqual(self.script(OVERFLOW), 0, name)
                self.picture(name)


if __name__ == "__main__":
    unittest.main()
