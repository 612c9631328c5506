"""Matchers that do not know the questions that they are measured with, fold by fold."""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hytki_match.encoder.light import LightEncoder
from hytki_match.evaluation.questions import load_judged
from hytki_match.index.asking import index_questions
from hytki_match.matching import Matcher
from hytki_match.service import open_matcher
from hytki_match.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hytki_match.encoder import Encoder
    from hytki_match.evaluation.questions import JudgedSet
    from training.lens import Lessons

FOLDS = 5


def fold_of(need_ids: Collection[str]) -> dict[str, int]:
    """Return the fold of each need: both languages of a need, and what they hide, together."""
    return {need: number % FOLDS for number, need in enumerate(sorted(need_ids))}


def blind(
    matcher: Matcher, given: Lessons, judged: JudgedSet, kept: Path, report: Callable[[str], None]
) -> list[tuple[Matcher, JudgedSet]]:
    """Return for each fold a matcher that knows none of its questions, and these.

    It knows those of the other folds, as the index that serves knows what was asked before, and
    has a lens that was learned from them.

    Parameters
    ----------
    given
        What the lens of ``matcher`` was learned from; ``judged`` is among it.
    kept
        A folder for the lenses, which take a minute each.
    """
    of = fold_of({question.need_id for question in judged.questions})
    parts = []
    for fold in range(FOLDS):
        part = replace(
            judged,
            questions=tuple(q for q in judged.questions if of[q.need_id] == fold),
            offtopic=judged.offtopic[fold::FOLDS],
        )
        asked = [q.text for q in part.questions] + [q.text for q in part.offtopic]
        texts = {" ".join(text.split()) for text in asked}
        needs = sorted({question.need_id for question in part.questions})
        report(f"Lens without fold {fold + 1} of {FOLDS}")
        encoder = through(matcher.encoder, _lens(given, needs, kept))
        known = matcher.index.corpus.questions
        rows = [number for number, question in enumerate(known) if question.text not in texts]
        corpus = replace(matcher.index.corpus, questions=tuple(known[row] for row in rows))
        vectors = given.known[rows].numpy()
        index = replace(
            matcher.index,
            corpus=corpus,
            asked=index_questions(vectors),
            compared=index_questions(encoder.among_questions(vectors)),
        )
        parts.append((Matcher(index, encoder), part))
    return parts


def judged_needs(questions: Path) -> tuple[Matcher, dict[str, JudgedSet], Lessons]:
    """Return the matcher that serves, the judged needs, and what the lens learns from them.

    ``questions`` is the folder of the sets ``needs`` and ``tuning``.
    """
    from training.lens import lessons

    matcher = open_matcher(Settings.from_environment())
    corpus = matcher.index.corpus
    sets = {name: load_judged(questions / name, corpus) for name in ("needs", "tuning")}
    return matcher, sets, lessons(matcher, list(sets.values()))


def through(encoder: Encoder, lens: NDArray[np.float32]) -> Encoder:
    """Return the bundled encoder with another lens (dimension, dimension).

    Raises
    ------
    TypeError
        For another encoder: none has a lens.
    """
    if not isinstance(encoder, LightEncoder):
        raise TypeError("only the bundled encoder looks through a lens")
    other = copy(encoder)
    other.lens = lens
    return other


def _lens(given: Lessons, left_out: Sequence[str], kept: Path) -> NDArray[np.float32]:
    from training.lens import learn_lens

    digest = hashlib.sha256("\n".join(left_out).encode())
    for learned_from in (given.known, given.gains, given.asked, given.shares):
        digest.update(learned_from.numpy().tobytes())
    file = kept / f"{digest.hexdigest()[:16]}.npy"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        np.save(file, learn_lens(given, left_out))
    lens: NDArray[np.float32] = np.load(file, allow_pickle=False)
    return lens
