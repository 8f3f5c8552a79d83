# SPDX-License-Identifier: Apache-2.0
"""The page of `ternfab compare` in a headless browser. usage: page_test.py [Suite[.test]]

The environment names the command (TERNFAB) and the test data (TF_TEST_DATA).
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

TERNFAB = os.environ["TERNFAB"]
DATA = pathlib.Path(os.environ["TF_TEST_DATA"])
TALES = DATA.parent.parent / "models" / "tales" / "tales.gguf"
READY = "document.documentElement?.dataset.ready === 'yes'"
PREFIX = {"T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "p": 1e-12}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&lt;\"'"
# The vocabulary has every byte: this is also a prompt.
PROMPT = f"Once {HOSTILE} `${{x}}` \\ -->\n<!--<b>é✓"
FIGURES = """[...document.querySelectorAll('.fig')].map(f => ({
  path: f.dataset.path, value: f.dataset.value, source: f.dataset.source,
  number: f.querySelector('b')?.textContent, unit: f.querySelector('i')?.textContent || '',
  evidence: f.querySelector('.ev')?.className || ''}))"""


def lookup(report, path):
    """What a JSON pointer names: (value, evidence) of the figure or of the list's item."""
    node, parent = report, None
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list):
            parent = parent if isinstance(parent, dict) and "values" in parent else node
            node = node[int(key)]
        else:
            parent, node = node, node[key]
    if isinstance(node, dict):
        return node["value"], node["evidence"]
    return node, parent["evidence"]


def shown(number, unit):
    """The value of a number as people read it."""
    value = float(number.replace(",", ""))
    if unit == "%":
        return value / 100
    if re.fullmatch(r".(s|J|W|B|B/s|MAC|MAC/s| weights| cycles/s)", unit):
        value *= PREFIX[unit[0]]
    return value


def compare(folder, *arguments):
    """A page and its report."""
    run = subprocess.run(
        [TERNFAB, "compare", *arguments, "--no-area", "--html", folder / "page.html", "--json",
         folder / "report.json"], capture_output=True, text=True, timeout=300, check=False)
    if run.returncode != 0:
        raise AssertionError(f"compare: status {run.returncode}: {run.stderr}")
    return folder / "page.html", json.loads((folder / "report.json").read_text())


class Page(unittest.TestCase):
    """One comparison, looked at in several ways."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        model = cls.folder / "<script>alert(3)<b>&.gguf"
        shutil.copy(TALES, model)
        baseline = cls.folder / "others.json"
        baseline.write_text(json.dumps({"rows": [{
            "name": HOSTILE, "system": HOSTILE, "model": HOSTILE, "kind": "cpu",
            "source": HOSTILE, "note": HOSTILE,
            "figures": {"decode_rate": {"value": 12.5, "unit": "tokens/s",
                                        "evidence": "published"},
                        "power": {"value": 5, "unit": "W", "evidence": "published"}}}]}))
        cls.html, cls.report = compare(
            cls.folder, "--model", model, "--hw", "nano,arty-a7-35t", "--fidelity", "systemc",
            "--prompt", PROMPT, "--tokens", "4", "--baseline", baseline)

    def look(self, browser, **emulation):
        browser.emulate(**emulation)
        browser.open(self.html, READY)
        self.assertEqual(browser.console_errors(), [])

    def test_page(self):
        with Browser() as browser:
            self.look(browser, width=1200, height=900)
            self.charts_are_drawn(browser)
            self.figures_are_those_of_the_json(browser)
            self.nothing_is_injected(browser)
            self.assertEqual(browser.requests(), [self.html.absolute().as_uri()])
            self.schemes_differ(browser)
            self.fits_a_phone(browser)
            self.prints(browser)
            self.assertEqual(browser.console_errors(), [])

    def charts_are_drawn(self, browser):
        drawn = browser.evaluate(
            "[...document.querySelectorAll('.chart')].map(c => [c.dataset.chart, c.dataset.drawn, "
            "c.querySelectorAll('svg path, svg rect').length, c.querySelector('svg')?."
            "getBoundingClientRect().width || 0])")
        kinds = {kind for kind, *_ in drawn}
        for kind in ("rates", "cycles", "energy", "joules", "roofline", "timeline", "contexts"):
            self.assertIn(kind, kinds)
        for kind, state, marks, width in drawn:
            self.assertEqual(state, "yes", kind)
            self.assertGreater(marks, 3, kind)
            self.assertGreater(width, 300, kind)

    def figures_are_those_of_the_json(self, browser):
        figures = browser.evaluate(FIGURES)
        self.assertGreater(len(figures), 150)
        paths = {figure["path"] for figure in figures}
        for path in ("/cpu/latency_per_token", "/hardware/0/latency_per_token",
                     "/hardware/1/energy_per_token/total", "/hardware/0/limits/q~1k~1v/weights",
                     "/hardware/1/contexts/latency/values/0", "/hardware/0/layer/end/values/3", "/baselines/0/figures/decode_rate"):
            self.assertIn(path, paths)
        for figure in figures:
            with self.subTest(path=figure["path"]):
                value, evidence = lookup(self.report, figure["path"])
                self.assertTrue(figure["source"])
                if value is None:
                    self.assertEqual(figure["value"], "")
                    continue
                self.assertEqual(float(figure["value"]), value)
                self.assertIn(evidence, figure["evidence"].split())
                read = shown(figure["number"], figure["unit"])
                delta = 5.1e-4 if figure["unit"] == "%" else 6e-4 * abs(value)
                self.assertAlmostEqual(read, value, delta=delta)

    def nothing_is_injected(self, browser):
        self.assertEqual(browser.evaluate("document.querySelectorAll('img, b b, script[src]')."
                                          "length"), 0)
        text = browser.evaluate("document.body.innerText")
        self.assertIn(HOSTILE, text)
        self.assertEqual(self.report["prompt"], PROMPT)
        self.assertEqual(browser.evaluate("document.querySelector('q').textContent"), PROMPT)
        self.assertEqual(browser.evaluate("JSON.parse(document.getElementById('report')."
                                          "textContent).prompt"), PROMPT)
        words = shlex.split(browser.evaluate("document.querySelector('.commands').textContent"))
        self.assertEqual(words.count(PROMPT), words.count("--prompt"))

    def schemes_differ(self, browser):
        colours = []
        for dark in (False, True):
            browser.emulate(1200, 900, dark=dark)
            colours.append(browser.evaluate(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document."
                "querySelector('[data-chart=rates] svg text')).fill]"))
        (light_paper, light_label), (dark_paper, dark_label) = colours
        self.assertNotEqual(light_paper, dark_paper)
        self.assertNotEqual(light_label, dark_label)

    def fits_a_phone(self, browser):
        self.look(browser, width=390, height=844)
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 390)
        self.charts_fit(browser, 390)

    def charts_fit(self, browser, width):
        wide = browser.evaluate(
            "[...document.querySelectorAll('.chart svg')].map(s => [s.closest('.chart').dataset."
            f"chart, s.getBoundingClientRect().right]).filter(([, right]) => right > {width} + 1)")
        self.assertEqual(wide, [])

    def prints(self, browser):
        browser.emulate(1200, 900, media="print")
        browser.open(self.html, READY)
        pdf = browser.call("Page.printToPDF", printBackground=True)["data"]
        self.assertGreater(len(pdf), 20000)
        wide = browser.evaluate("[...document.querySelectorAll('.scroll')].filter(s => "
                                "getComputedStyle(s).overflowX !== 'visible').length")
        self.assertEqual(wide, 0)
        closed = browser.evaluate("document.querySelectorAll('section details:not([open])').length")
        self.assertEqual(closed, 0)


class PageRtl(unittest.TestCase):
    """What stands on the page of a run that was compared instruction by instruction."""

    def test_each_layer_has_its_own_result(self):
        with tempfile.TemporaryDirectory() as folder, Browser() as browser:
            html, report = compare(pathlib.Path(folder), "--model", TALES, "--hw", "nano",
                                   "--fidelity", "rtl", "--ids", "5,7", "--tokens", "2")
            browser.emulate(1200, 900)
            browser.open(html, READY)
            self.assertEqual(browser.console_errors(), [])
            layers = report["hardware"][0]["check"]["layers"]
            self.assertEqual([layer["layer"] for layer in layers], [0, 1, 2, 3, -1])
            texts = browser.evaluate("[...document.querySelectorAll('[data-chart=checks] svg "
                                     ".mark-text.role-mark text')].map(t => t.textContent)")
            self.assertEqual([int(text.replace(",", "")) for text in texts],
                             [layer["instructions"] for layer in layers])
            keys = browser.evaluate("document.querySelector('[data-chart=checks]')."
                                    "previousElementSibling.textContent")
            self.assertEqual(keys, "equal")
            rows = browser.evaluate("[...document.querySelectorAll('#checks tbody tr')].map(r => "
                                    "[...r.cells].map(c => c.textContent))")
            self.assertEqual([row[3] for row in rows], ["0"] * 5)


class Checkers(unittest.TestCase):
    """What the page is looked at with finds what it must."""

    def test_browser_sees_errors_and_requests(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "bad.html"
            page.write_text("<script>document.documentElement.dataset.ready = 'yes';"
                            "console.error('one'); fetch('other.json'); throw new Error('two')"
                            "</script>")
            with Browser() as browser:
                browser.open(page, READY)
                browser.evaluate("new Promise(done => setTimeout(done, 300))")
                errors = " ".join(browser.console_errors())
                self.assertIn("one", errors)
                self.assertIn("two", errors)
                self.assertTrue(any("other.json" in url for url in browser.requests()))

    def test_lookup_and_shown(self):
        report = {"a": {"q/k/v": {"value": 5, "unit": "s", "evidence": "given"}},
                  "list": [{"x": {"values": [1, 2], "unit": "1", "evidence": "measured"}}]}
        self.assertEqual(lookup(report, "/a/q~1k~1v"), (5, "given"))
        self.assertEqual(lookup(report, "/list/0/x/values/1"), (2, "measured"))
        self.assertAlmostEqual(shown("47.51", "ms"), 0.04751)
        self.assertAlmostEqual(shown("98.1", "%"), 0.981)
        self.assertAlmostEqual(shown("3.015", "M weights"), 3015000)
        self.assertEqual(shown("11,876,413", "cycles"), 11876413)


if __name__ == "__main__":
    unittest.main(verbosity=1)
