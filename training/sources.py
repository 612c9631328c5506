"""From the raw material to clean training texts, with everything that is evaluated on left out.

Raw material (not in the repository, see README.md) is a folder with ``pairs/`` and ``concepts/``.
The result is one folder of gzipped tab-separated files:

``pairs.tsv.gz``      weight, Finnish, English, name of the source's file
``titles-fi.tsv.gz``  concept ids, Finnish title
``titles-en.tsv.gz``  concept ids, English title
``related.tsv.gz``    text, related text (paraphrases; a title and its subject)
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from typing import TYPE_CHECKING

from training.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from training.leakage import Held

SEED = 20

MAX_CHARS = 400
"""Longer texts are cut: the student reads at most some hundred tokens."""

WEIGHTS = {
    "csc-user-guide": 1.5,
    "tatoeba": 2.0,
    "titles-finna-parallel": 1.5,
    "health-apps": 1.5,
    "openehr-archetypes": 1.5,
    "terms-yso": 2.0,
    "terms-thl-icd10": 1.0,
    "terms-finngen-machine": 0.3,
    "terms-wiktionary": 0.7,
    "terms-wordnet-wikt": 0.4,
    "terms-fineli-foods": 0.5,
    "defs-wiktionary": 0.4,
    "defs-wordnet-wikt": 0.4,
    "game-freeciv": 0.7,
}
"""How often a file's pairs are drawn, against 1 for a file not named: by quality and nearness."""

COPYLEFT = frozenset(
    {
        "docs-desktop",
        "forum-discourse",
        "game-freeciv",
        "health-apps",
        "innovation-climate",
        "participation-decidim",
        "public-services-helsinki",
        "public-services-national",
        "research-data",
        "scratch-learning",
        "ui-apps",
        "ui-kde",
        "ui-mastodon-rocket-element",
        "ui-mediawiki",
        "ui-odoo",
        "ui-wordpress",
        "university-apps",
    }
)
"""Files of pairs with any string under GPL, AGPL or LGPL, by ``pairs/SOURCES.tsv``.

Some hold few (public-services-helsinki 7 %, public-services-national 8 %), but a pair names its
file and not its repository, so the whole file has to go.
"""

MAX_TITLES = {"fi": 700_000, "en": 400_000}
MIN_TITLE_CHARS = 12
MAX_TITLE_CHARS = 160


def prepare(raw: Path, out: Path, held: Held) -> dict[str, int]:
    """Write the training files and return how many lines each has.

    Parameters
    ----------
    raw
        Folder of the raw material.
    held
        Texts that are evaluated on: a line that holds one of them is left out.
    """
    out.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    counts["pairs"] = _write(out / "pairs.tsv.gz", _pairs(raw / "pairs" / "train", held))
    for language in ("fi", "en"):
        rows = _titles(raw / "concepts" / f"{language}.tsv.gz", MAX_TITLES[language], held)
        counts[f"titles-{language}"] = _write(out / f"titles-{language}.tsv.gz", rows)
    counts["related"] = _write(out / "related.tsv.gz", _related(raw / "pairs", held))
    return dict(counts)


def _pairs(folder: Path, held: Held) -> Iterator[tuple[str, ...]]:
    seen: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.tsv.gz")):
        weight = WEIGHTS.get(path.name.removesuffix(".tsv.gz"), 1.0)
        for cells in read_rows(path):
            if len(cells) < 2:
                continue
            finnish, english = (" ".join(cell.split())[:MAX_CHARS] for cell in cells[:2])
            key = (finnish.lower(), english.lower())
            if not finnish or not english or key in seen or held.holds(finnish, english):
                continue
            seen.add(key)
            yield f"{weight}", finnish, english, path.name.removesuffix(".tsv.gz")


def _titles(path: Path, most: int, held: Held) -> Iterator[tuple[str, ...]]:
    rows = {
        cells[1].strip()[:MAX_TITLE_CHARS]: cells[0]
        for cells in read_rows(path)
        if len(cells) == 2 and len(cells[1]) >= MIN_TITLE_CHARS
    }
    titles = sorted(title for title in rows if not held.holds(title))
    chosen = random.Random(SEED).sample(titles, min(most, len(titles)))  # noqa: S311 - no secret
    for title in sorted(chosen):
        yield rows[title], title


def _related(folder: Path, held: Held) -> Iterator[tuple[str, ...]]:
    """Give Finnish paraphrases that people called full ones, and titles with their subjects."""
    for first, second, label, *_ in read_rows(folder / "para" / "turku-opus-parsebank.tsv.gz"):
        if label.startswith("4") and not held.holds(first, second):
            yield first, second
    for first, second, *_ in read_rows(folder / "relations" / "finna-title-subject.tsv.gz"):
        if not held.holds(first, second):
            yield first[:MAX_TITLE_CHARS], second
    for first, second, *_ in read_rows(folder / "relations" / "ptv-service-classes.tsv.gz"):
        if not held.holds(first, second):
            yield first[:MAX_CHARS], second[:MAX_CHARS]


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> int:
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            stream.write("\t".join(cell.replace("\t", " ") for cell in row) + "\n")
            count += 1
    return count
