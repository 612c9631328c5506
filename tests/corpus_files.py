"""A copy of the small corpus, and a hand to plant mistakes in it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

SMALL = Path(__file__).parent / "data" / "corpus"
SHIPPED = Path(__file__).parent.parent / "corpus"


def copy_small_corpus(folder: Path) -> Path:
    return Path(shutil.copytree(SMALL, folder / "corpus"))


def edit_cell(corpus: Path, table: str, row_id: str, column: str, value: str) -> None:
    file = corpus / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    next(row for row in rows if row["id"] == row_id)[column] = value
    write_rows(file, rows)


def write_rows(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def replace_in(corpus: Path, table: str, old: str, new: str) -> None:
    file = corpus / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
