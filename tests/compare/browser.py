# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, spoken to in its DevTools protocol over a pair of pipes."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe"]


class Browser:
    """One page in a browser of its own, with a profile of its own. A context manager."""

    def __init__(self, seconds=120):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if program is None:
            raise RuntimeError("no chromium: install the Debian package chromium")
        self.deadline = time.monotonic() + seconds
        self.profile = tempfile.TemporaryDirectory(prefix="ternfab-browser-")
        command_in, self.commands = os.pipe()
        self.answers, answer_out = os.pipe()
        self.process = self._start(program, command_in, answer_out)
        os.close(command_in)
        os.close(answer_out)
        self.buffer = b""
        self.next_id = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def _start(self, program, command_in, answer_out):
        # The browser reads from descriptor 3 and writes to 4.
        high_in, high_out = os.dup2(command_in, 30), os.dup2(answer_out, 31)
        shell = 'exec "$0" "$@" 3<&30 4>&31 30<&- 31>&-'
        try:
            return subprocess.Popen(
                ["bash", "-c", shell, program, *FLAGS, "--user-data-dir=" + self.profile.name,
                 "about:blank"], pass_fds=(high_in, high_out), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
        finally:
            os.close(high_in)
            os.close(high_out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(20)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        shutil.rmtree(self.profile.name, ignore_errors=True)

    def _receive(self):
        """The next message; raises after the deadline or when the browser is gone."""
        while b"\0" not in self.buffer:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise RuntimeError("the browser did not answer in time")
            data = os.read(self.answers, 1 << 20)
            if not data:
                raise RuntimeError("the browser ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.next_id += 1
        message = {"id": self.next_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        while True:
            answer = self._receive()
            if answer.get("id") == self.next_id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, expression):
        """The JSON value of a JavaScript expression; a promise is awaited."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def open(self, path, ready):
        """Loads a file; returns when the expression `ready` is true."""
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not self.evaluate(ready):
            if time.monotonic() > self.deadline:
                raise RuntimeError("the page did not become ready")
            time.sleep(0.05)

    def emulate(self, width, height, dark=False, media="screen", scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def screenshot(self, path, whole=True):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def console_errors(self):
        """What the console has as errors or warnings, and exceptions."""
        errors = []
        for event in self.events:
            parameters = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                errors.append(str(parameters["exceptionDetails"]))
            elif event.get("method") == "Runtime.consoleAPICalled" and \
                    parameters["type"] in ("error", "warning", "assert"):
                errors.append(str([a.get("value", a.get("description"))
                                   for a in parameters["args"]]))
            elif event.get("method") == "Log.entryAdded" and \
                    parameters["entry"]["level"] in ("error", "warning"):
                errors.append(parameters["entry"]["text"])
        return errors

    def requests(self):
        """Addresses that were asked for."""
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]
