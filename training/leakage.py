"""What is evaluated on stays out of training: the texts held out, and the proof that they are.

Two texts count as the same when their words are the same in any case and punctuation, or, for
texts of four words or more, when the sets of their words overlap by three quarters (Jaccard).
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from training.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SAME_SHARE = 0.75
MIN_WORDS = 4

_WORD = re.compile(r"[^\W_]+")


class Held:
    """Texts that must not be trained on."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._exact: set[str] = set()
        self._bags: list[frozenset[str]] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for text in texts:
            words = _words(text)
            if not words:
                continue
            self._exact.add(" ".join(words))
            if len(set(words)) >= MIN_WORDS:
                for word in set(words):
                    self._by_word[word].append(len(self._bags))
                self._bags.append(frozenset(words))

    def __len__(self) -> int:
        return len(self._exact)

    def holds(self, *texts: str) -> bool:
        """Tell whether any of the texts is held out, exactly or nearly."""
        return any(self._holds(text) for text in texts)

    def _holds(self, text: str) -> bool:
        words = _words(text)
        if " ".join(words) in self._exact:
            return True
        bag = frozenset(words)
        if len(bag) < MIN_WORDS:
            return False
        # A text that overlaps by SAME_SHARE shares at least one of any len - need + 1 words, so
        # only the rarest of them have to be looked up (prefix filtering).
        rare = sorted(bag, key=lambda word: len(self._by_word.get(word, ())))
        prefix = rare[: len(bag) - int(SAME_SHARE * len(bag) + 0.999) + 1]
        candidates = {number for word in prefix for number in self._by_word.get(word, ())}
        return any(
            len(bag & self._bags[number]) >= SAME_SHARE * len(bag | self._bags[number])
            for number in candidates
        )


def held_texts(pair_files: Path, judged: Path) -> list[str]:
    """Return every evaluated text: both sides of the pair files, and all judged questions.

    Parameters
    ----------
    pair_files
        Folder with the held-out Finnish-English pairs (``*.tsv``).
    judged
        Folder with the judged questions.
    """
    texts = [
        cell
        for path in sorted(pair_files.glob("*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for cell in line.split("\t")
    ]
    for name, column in (
        ("questions", "question"),
        ("offtopic", "question"),
        ("dialogues", "question"),
        ("cases", "need_text"),
        ("cases", "part"),
    ):
        with (judged / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            texts += [row[column] for row in csv.DictReader(stream)]
    return texts


def trained_texts(work: Path, questions: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Give the name of every file that is trained on, with the texts of each of its lines.

    Parameters
    ----------
    work
        What :func:`training.sources.prepare` wrote, and the first set of questions.
    questions
        The questions that stand in the repository.
    """
    after_first = slice(1, None)
    for name, texts in (
        ("pairs", slice(1, 3)),
        ("titles-fi", after_first),
        ("titles-en", after_first),
        ("related", slice(None)),
    ):
        yield name, _texts(work / f"{name}.tsv.gz", texts)
    for path in (work / "queries0.tsv", questions / "queries.tsv"):
        yield path.name, _column(path, "query", delimiter="\t", quoting=csv.QUOTE_NONE)
    yield "needs/questions.csv", _column(questions / "needs" / "questions.csv", "question")
    told = (questions / "told.jsonl").read_text(encoding="utf-8").splitlines()
    yield "told.jsonl", ([text for text, _ in json.loads(line)["sentences"]] for line in told)


def _texts(path: Path, columns: slice) -> Iterator[list[str]]:
    return (row[columns] for row in read_rows(path))


def _column(path: Path, name: str, **form: Any) -> Iterator[list[str]]:  # noqa: ANN401 - csv's own
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, **form):
            yield [row[name]]


def count_held(held: Held, lines: Iterable[list[str]]) -> tuple[int, int]:
    """Return how many lines there are, and how many hold an evaluated text."""
    count = found = 0
    for texts in lines:
        count += 1
        found += held.holds(*texts)
    return count, found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
