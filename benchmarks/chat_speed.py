"""How long a reader waits: from Enter to the painted answer, and how many sessions fit.

Run from the checkout, with Chromium installed::

    python benchmarks/chat_speed.py            # the browser: 50 questions
    python benchmarks/chat_speed.py --load     # 20 sessions over the websocket, seven minutes

Figures go into docs/web-chat.md.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import itertools
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "judged" / "questions.csv"
COUNT = 50
WAIT_MS = 30_000
SESSIONS = 20
INTERVAL_S = 5.0
WARM_S = 60.0
LOAD_S = 60.0
FORGOTTEN_S = 125.0
SEED = 7

# Enter is pressed by the script itself, so that no time of the test driver is counted, once the
# page has drawn all of the answer before. An answer is painted two frames after it stands in the
# document.
ASK = """(question) => new Promise((resolve) => {
  const box = document.querySelector('[data-testid="stChatInputTextArea"]');
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  set.call(box, question);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const press = () => {
    if (box.disabled || document.querySelector('[data-testid="stChatInputStopButton"]')) {
      return requestAnimationFrame(press);
    }
    const start = performance.now();
    const shown = () => {
      const asked = document.querySelector(".hm-question")?.textContent.includes(question);
      const live = document.getElementById("hm-live")?.textContent;
      const summary = document.querySelector(".hm-summary")?.textContent;
      if (!asked || !summary || live !== summary) return requestAnimationFrame(shown);
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
    };
    const enter = { key: "Enter", code: "Enter", keyCode: 13, bubbles: true };
    box.dispatchEvent(new KeyboardEvent("keydown", enter));
    shown();
  };
  requestAnimationFrame(press);
})"""


def questions() -> list[str]:
    """Return the questions to ask: a fixed sample of the judged ones."""
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        texts = [row["question"] for row in csv.DictReader(stream)]
    return random.Random(SEED).sample(texts, COUNT)  # noqa: S311 - a sample, not a secret


def start_server() -> tuple[subprocess.Popen[bytes], str]:
    """Build the index where it is not up to date and start the chat; return process and address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    build = [sys.executable, "-m", "hytki_match", "build"]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "hytki_match.web.serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)  # noqa: S310 - our own
        except OSError:
            time.sleep(0.1)
        else:
            return process, address


def browser_times(address: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds of first loads (the first opens the index) and of answers."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        loads = []
        for _ in range(3):
            page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
            start = time.perf_counter()
            page.goto(address)
            page.get_by_test_id("stChatInputTextArea").wait_for()
            page.locator(".hm-head p").first.wait_for()
            loads.append(1000 * (time.perf_counter() - start))
        page.set_default_timeout(WAIT_MS)
        answers = [_asked(page, question) for question in questions()]
        browser.close()
    return loads, answers


def _asked(page: Page, question: str) -> float:
    """Ask in the page; a box that never takes the question ends the run rather than hanging."""
    return float(page.wait_for_function(ASK, arg=question, timeout=WAIT_MS).json_value())


def resident_mib(process: subprocess.Popen[bytes]) -> float:
    """Return the memory that a process holds."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@dataclass(slots=True)
class Visitor:
    """A session over the websocket: it sends and reads what a browser does, and paints nothing."""

    connection: ClientConnection
    input_id: str = ""
    query: str = ""

    async def run(self, text: str = "") -> None:
        """Run the page once, with a question or without, until it has finished."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if text:
            state = WidgetState(id=self.input_id)
            state.chat_input_value.data = text
            message.rerun_script.widget_states.widgets.append(state)
        await self.connection.send(message.SerializeToString())
        async for data in self.connection:
            found = ForwardMsg()
            found.ParseFromString(data)
            element = found.delta.new_element
            if element.WhichOneof("type") == "chat_input":
                self.input_id = element.chat_input.id
            kind = found.WhichOneof("type")
            if kind == "page_info_changed":
                self.query = found.page_info_changed.query_string
            if kind == "script_finished":
                return
        raise RuntimeError("the server closed the connection")


async def session(address: str, number: int, texts: list[str], seconds: float) -> list[float]:
    """Ask every few seconds for so long; return the milliseconds of each answer."""
    times = []
    until = time.monotonic() + seconds
    uri = address.replace("http", "ws") + "/_stcore/stream"
    async with connect(uri, max_size=None, subprotocols=[Subprotocol("streamlit")]) as connection:
        visitor = Visitor(connection)
        await visitor.run()
        await asyncio.sleep(INTERVAL_S * number / SESSIONS)
        for text in itertools.cycle(texts[number:] + texts[:number]):
            if time.monotonic() > until:
                break
            start = time.monotonic()
            await visitor.run(text)
            times.append(1000 * (time.monotonic() - start))
            await asyncio.sleep(max(0.0, INTERVAL_S - (time.monotonic() - start)))
    return times


async def load(address: str, seconds: float) -> list[float]:
    """Let all sessions ask at once; return the milliseconds of every answer."""
    texts = questions()
    sessions = [session(address, number, texts, seconds) for number in range(SESSIONS)]
    return [t for times in await asyncio.gather(*sessions) for t in times]


def told(name: str, times: list[float]) -> str:
    """Return one line of figures."""
    ordered = sorted(times)
    p95 = ordered[max(0, round(0.95 * len(ordered)) - 1)]
    return (
        f"{name}: n {len(times)}, median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms, "
        f"max {ordered[-1]:.0f} ms"
    )


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--load", action="store_true", help="20 sessions instead of the browser")
    arguments = parser.parse_args()
    process, address = start_server()
    try:
        if arguments.load:
            asyncio.run(load_and_tell(process, address))
        else:
            loads, answers = browser_times(address)
            out(f"first load: {', '.join(f'{t:.0f}' for t in loads)} ms")
            out(told("Enter to painted answer", answers))
    finally:
        process.terminate()
        process.wait()


async def load_and_tell(process: subprocess.Popen[bytes], address: str) -> None:
    """Measure the sessions together, after a round that fills the caches that all share."""
    await load(address, WARM_S)
    before = await left(process, address)
    measuring = asyncio.create_task(load(address, LOAD_S))
    most = before
    while not measuring.done():
        await asyncio.sleep(1)
        most = max(most, resident_mib(process))
    times = await measuring
    after = await left(process, address)
    out(told(f"{SESSIONS} sessions, a question every {INTERVAL_S:.0f} s", times))
    out(f"memory: {before:.0f} MiB before, at most {most:.0f} during, {after:.0f} after they left")
    out(f"that is {(most - before) / SESSIONS:.2f} MiB a session")


async def left(process: subprocess.Popen[bytes], address: str) -> float:
    """Return the memory in MiB once Streamlit has forgotten those who left, after two minutes."""
    await asyncio.sleep(FORGOTTEN_S)
    # It forgets when the next visitor comes.
    await session(address, 0, questions(), 1)
    return resident_mib(process)


def out(text: str) -> None:
    """Put a line on the terminal."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
