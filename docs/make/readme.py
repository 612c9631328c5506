"""Put figures into the README: ``python docs/make/readme.py``.

Fills what stands between ``<!-- name -->`` and ``<!-- /name -->``: ``times`` from
``docs/set-up.json`` and ``evaluation`` with four lines of ``docs/evaluation.md``, word for word.
"""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import click

DOCS = Path(__file__).resolve().parents[1]
README = DOCS.parent / "README.md"

# Section of the evaluation page, and how the quoted lines of its table start.
QUOTED = {
    "All questions": ("HYTKI Match", "BM25 (", "all-MiniLM"),
    "Honesty": ("off-topic questions answered as matches",),
}


def main() -> None:
    """Fill the README."""
    text = README.read_text(encoding="utf-8")
    text = filled(text, "times", times(json.loads((DOCS / "set-up.json").read_text("utf-8"))))
    page = (DOCS / "evaluation.md").read_text(encoding="utf-8")
    text = filled(text, "evaluation", quotes(page))
    README.write_text(text, encoding="utf-8")
    click.echo("Filled README.md.")


def filled(text: str, name: str, content: str) -> str:
    """Return the text with new content between the two marks of a name."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if start not in text or end not in text:
        raise click.ClickException(f"README.md lacks the marks {start} and {end}.")
    marked = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    return marked.sub(lambda _: f"{start}\n\n{content}\n\n{end}", text)


def quotes(page: str) -> str:
    """Return the quoted tables: the header and the chosen lines of each."""
    tables = []
    for section, starts in QUOTED.items():
        body = page.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
        header, rule, *rows = [line for line in body.splitlines() if line.startswith("|")]
        chosen = [row for row in rows if row.removeprefix("| ").startswith(starts)]
        tables.append("\n".join([header, rule, *chosen]))
    return "\n\n".join(tables)


def times(figures: dict[str, float | str]) -> str:
    """Return the sentence on what the set-up takes."""
    chat, test = _minutes(float(figures["chat_s"])), _minutes(float(figures["test_s"]))
    since = figures.get("since", "")
    return textwrap.fill(
        f"The first `make chat` takes {chat} ({figures['chat_again_s']} s from then on), and the "
        f"first `make test` after it {test}. Measured on {figures['date']} in a fresh clone with "
        f"an empty home on a fast line ({figures['machine']}). They download "
        f"{figures['chat_mb']} MB, {figures['test_mb']} MB with what the tests need, where "
        f"PyTorch has a build without GPU libraries; elsewhere it is some gigabytes more. {since}",
        width=100,
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} minutes" if seconds >= 100 else f"{seconds:.0f} seconds"


if __name__ == "__main__":
    main()
