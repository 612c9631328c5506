"""Measure the set-up of a newcomer: ``python docs/make/set_up.py``. Takes minutes and a network.

Clones what is committed into an empty folder with an empty home, runs ``make chat`` until the page
has answered in both languages, then ``make test``. Writes the times, and the size of what was
installed from wheels, to ``docs/set-up.json``, from which ``readme.py`` takes them.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import click
from chat import ROOT, ask, browser_page, free_port, running

if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTIONS = (
    "Kuka voi auttaa synteettisen terveysdatan kanssa?",
    "Who can help us use hospital data for R&D in Turku?",
)
# What belongs to the caller's session and must not help or hinder a newcomer's.
LEFT_OUT = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "XDG_", "HYTKI_MATCH_", "MAKE", "MFLAGS")


def main() -> None:
    """Measure, and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        home, clone = Path(folder) / "home", Path(folder) / "hytki-match"
        home.mkdir()
        env = {k: v for k, v in os.environ.items() if not k.startswith(LEFT_OUT)}
        env["HOME"] = str(home)
        _run(
            ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], clone.parent, env
        )
        figures: dict[str, float | str] = {"chat_s": _first_chat(clone, env)}
        figures["chat_mb"] = _download_mb(clone, env, [])
        figures["chat_again_s"] = _first_chat(clone, env)
        started = time.monotonic()
        _run(["make", "test"], clone, env)
        figures["test_s"] = round(time.monotonic() - started)
        figures["test_mb"] = _download_mb(clone, env, ["--group", "dev"])
    figures["date"] = f"{datetime.now(UTC):%Y-%m-%d}"
    figures["machine"] = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    file = ROOT / "docs" / "set-up.json"
    file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    click.echo(f"Wrote docs/{file.name}: {figures}")


def _run(command: list[str], folder: Path, env: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=folder, env=env, check=True)


def _first_chat(clone: Path, env: Mapping[str, str]) -> float:
    """Return the seconds from ``make chat`` to the second answer in the browser."""
    started, port = time.monotonic(), free_port()
    with (
        running(["make", "chat", f"PORT={port}"], port, env, clone) as address,
        browser_page(1100, 900) as page,
    ):
        page.goto(address)
        for question in QUESTIONS:
            click.echo(f"{question} {ask(page, question)}")
        return round(time.monotonic() - started)


def _download_mb(clone: Path, env: Mapping[str, str], group: list[str]) -> float:
    """Return the megabytes of the wheels that an installation from nothing takes."""
    pip = [".venv/bin/python", "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-"]
    torch = next(
        line for line in (clone / "Makefile").read_text().splitlines() if "TORCH :=" in line
    )
    wanted = ["--ignore-installed", torch.split()[-1], *group, "--editable", "."]
    done = subprocess.run(
        [*pip, *wanted], cwd=clone, env=env, check=True, capture_output=True, text=True
    )
    urls = [item["download_info"]["url"] for item in json.loads(done.stdout)["install"]]
    return round(sum(_size(url) for url in urls) / 1e6)


def _size(url: str) -> int:
    """Return the size of a wheel; what is built here, the project itself, counts as nothing."""
    if url.startswith("file://"):
        path = Path(unquote(urlsplit(url).path))
        return path.stat().st_size if path.is_file() else 0
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - from pip's own report
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return int(answer.headers.get("Content-Length", 0))


if __name__ == "__main__":
    main()
