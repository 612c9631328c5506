"""The numbers of matching, learned: weights of legs and preferences, calibration, thresholds.

Learned on needs that the encoder never saw (``questions/tuning``), judged against the whole
corpus; every figure reported here is from cross-validation over needs. The result is the file
``hytki_match/matching/parameters.toml``, which a person can read and change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from hytki_match.evaluation.calibration import reliability
from hytki_match.matching import Matcher
from hytki_match.matching.answering import without_strict
from hytki_match.matching.preferences import FEATURES
from hytki_match.matching.trees import NO_TREES
from hytki_match.records import LANGUAGES
from training.blind import FOLDS, fold_of
from training.day import TODAY
from training.unasked import unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from hytki_match.evaluation.questions import JudgedSet

    Array = NDArray[np.float64]

LEGS = ("dense", "asked", "words", "grams")
COLUMNS = (*LEGS, *FEATURES)
CANDIDATES = 100
USEFUL_GAIN = 0.4
PULL = 1e-3
"""Strength of the pull of every weight towards zero (L2): few needs, no wild weights."""

LEG_START = (2.0, 1.0, 1.0, 1.0)

LEAST = {"dense": 1.5, "words": 0.5, "grams": 1.0, "name": 1.0, "time_hit": 0.3}
"""Least weights, set by hand: the questions that were learned from avoid the words of their answers
on purpose, so they teach that words mislead. People who type a name or a rare word mean it. And
few needs name a time, too few to tell what keeping it is worth. Passages count as they did before
so many questions were known: without the bound their weight falls to 0.2, which gains nothing
cross-validated, and questions unlike the known ones lose 0.005."""

MOST = {"asked_kind_miss": -2.0}
"""Greatest weights, set by hand, too: judges call much useful that is not of the kind asked for,
and so teach less than people expect who ask for companies. nDCG@10 loses 0.002, cross-validated."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question: features of its candidates (candidates, columns), and their judgements."""

    need_id: str
    language: str
    features: Array
    grades: NDArray[np.int64]
    judged: NDArray[np.int64]


def examples(matcher: Matcher, judged: JudgedSet) -> list[Example]:
    """Return the candidates of every judged question with their features."""
    return [
        _example(matcher, question.need_id, question.language, question.text, grades)
        for question in judged.questions
        if (grades := judged.qrels.get(question.query_id))
    ]


def ranked(matcher: Matcher, judged: JudgedSet) -> tuple[list[Array], list[Example]]:
    """Return the scores of the hits of every judged question, companions and all.

    The examples beside them have the judgements of these hits and no features.
    """
    scores, rows = [], []
    for question in judged.questions:
        if grades := judged.qrels.get(question.query_id):
            hits = matcher.rank(matcher.understand(question.text, today=TODAY), TODAY)
            scores.append(np.array([hit.score for hit in hits]))
            found = np.array([grades.get(hit.doc_id, 0) for hit in hits])
            best = np.array(sorted(grades.values(), reverse=True))
            none = np.zeros((len(hits), 0))
            rows.append(Example(question.need_id, question.language, none, found, best))
    return scores, rows


def _example(
    matcher: Matcher, need_id: str, language: str, text: str, grades: Mapping[str, int]
) -> Example:
    doc_ids, features = candidate_features(matcher, text)
    return Example(
        need_id,
        language,
        features,
        np.array([grades.get(doc_id, 0) for doc_id in doc_ids]),
        np.array(sorted(grades.values(), reverse=True)),
    )


def candidate_features(matcher: Matcher, text: str) -> tuple[list[str], Array]:
    """Return the records that the legs find for a question, and their features."""
    query = matcher.understand(text, today=TODAY)
    rankings = matcher.retrieve(query)
    tops = [ranking.records[:CANDIDATES] for ranking in rankings.values()]
    records = np.unique(np.concatenate(tops))
    columns: list[list[float]] = []
    for leg in LEGS:
        ranking = rankings[leg]
        scores = dict(zip(ranking.records.tolist(), ranking.scores.tolist(), strict=True))
        columns.append([scores.get(record, ranking.floor) for record in records.tolist()])
    facts = matcher.preferences.features(query, TODAY, records)
    columns += [facts[name].tolist() for name in FEATURES]
    doc_ids = [matcher.preferences.doc_ids[record] for record in records.tolist()]
    return doc_ids, np.array(columns, float).T


def fit(rows: Sequence[Example]) -> Array:
    """Return the weights (columns,) by softmax over candidates against the share of the gains.

    Listwise loss after Cao et al., “Learning to rank: from pairwise approach to listwise approach”
    (2007), with an L2 pull.
    """
    start = np.array([*LEG_START, *np.zeros(len(FEATURES))])
    targets = [_gains(row.grades) for row in rows]
    used = [(row.features, t / t.sum()) for row, t in zip(rows, targets, strict=True) if t.sum()]

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = 0.0, np.zeros_like(weights)
        for features, target in used:
            scores = features @ weights
            log_share = scores - logsumexp(scores)
            total -= float(target @ log_share)
            slope += features.T @ (np.exp(log_share) - target)
        count = len(used)
        pulled = weights[len(LEGS) :]
        slope = slope / count
        slope[len(LEGS) :] += 2 * PULL * pulled
        return total / count + PULL * float(pulled @ pulled), slope

    bounds = [(LEAST.get(name), MOST.get(name)) for name in COLUMNS]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def _gains(grades: NDArray[np.int64]) -> Array:
    return np.where(grades == 2, 1.0, np.where(grades == 1, USEFUL_GAIN, 0.0))


def ndcg(scores: Array, row: Example, depth: int = 10) -> float:
    """Return nDCG@10 of one question, with the grades as gains."""
    discount = 1 / np.log2(np.arange(2, depth + 2))
    top = row.grades[np.argsort(-scores, kind="stable")[:depth]]
    best = row.judged[:depth]
    return float((top * discount[: len(top)]).sum() / (best * discount[: len(best)]).sum())


def folds(rows: Sequence[Example]) -> list[NDArray[np.bool_]]:
    """Return the questions of each held-out fold."""
    of = fold_of({row.need_id for row in rows})
    return [np.array([of[row.need_id] == fold for row in rows]) for fold in range(FOLDS)]


def cross_validated(rows: Sequence[Example]) -> list[Array]:
    """Return each question's scores by weights that were learned without its need."""
    scores: list[Array] = [np.zeros(0)] * len(rows)
    for held in folds(rows):
        weights = fit([row for row, out in zip(rows, held, strict=True) if not out])
        for number in np.flatnonzero(held).tolist():
            scores[number] = rows[number].features @ weights
    return scores


def calibrate(scores: Sequence[Array], rows: Sequence[Example], depth: int = 20) -> Array:
    """Return offset and slope of a logistic curve from score to relevance (Platt, 1999).

    Over the first ``depth`` candidates of each question: what a reader may be shown.
    """
    pairs = [_top(s, row, depth) for s, row in zip(scores, rows, strict=True)]
    x = np.concatenate([pair[0] for pair in pairs])
    y = np.concatenate([pair[1] for pair in pairs])
    return logistic(x[:, None], y)


def _top(scores: Array, row: Example, depth: int) -> tuple[Array, Array]:
    order = np.argsort(-scores, kind="stable")[:depth]
    return scores[order], (row.grades[order] > 0).astype(float)


def logistic(x: Array, y: Array, pull: float = 1e-4) -> Array:
    """Return offset and weights of a logistic regression of ``y`` on ``x`` (rows, columns).

    ``pull`` draws the weights of the columns, each in units of its spread, towards zero.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    full = np.column_stack([np.ones(len(x)), (x - mean) / spread])

    def loss(weights: Array) -> tuple[float, Array]:
        z = full @ weights
        share = expit(z)
        total = np.mean(np.logaddexp(0, z) - y * z) + pull * float(weights[1:] @ weights[1:])
        slope = full.T @ (share - y) / len(y)
        slope[1:] += 2 * pull * weights[1:]
        return float(total), slope

    fitted = minimize(loss, np.zeros(full.shape[1]), jac=True, method="L-BFGS-B").x
    weights = fitted[1:] / spread
    return np.array([fitted[0] - mean @ weights, *weights])


def best_scores(matcher: Matcher, texts: Sequence[str]) -> Array:
    """Return the margin to unanswered questions and the best score of each text (texts, 2)."""
    rows = []
    for text in texts:
        # Without filters: what nothing keeps is relaxed before it is judged.
        query = without_strict(matcher.understand(text, today=TODAY))
        rows.append(matcher.evidence(query, matcher.rank(query, TODAY)))
    return np.array(rows)


def learn(
    matcher: Matcher,
    parts: Sequence[tuple[Matcher, JudgedSet]],
    development: JudgedSet,
    report: Callable[[str], None],
) -> str:
    """Learn every number from judged needs and off-topic questions; returns the TOML text.

    Parameters
    ----------
    matcher
        Knows all questions.
    parts
        The folds of the judged needs, each beside a matcher that knows none of them
        (``training.blind``).
    development
        The questions that people judged: nothing but offset and slope of the calibration is from
        them. How generous a judge is is what a probability has to say, and these were judged by
        reading the whole corpus.
    report
        Gets a line for each figure, all of them cross-validated over needs.
    """
    rows = [row for blinded, part in parts for row in examples(blinded, part)]
    scores = cross_validated(rows)
    for language in LANGUAGES:
        measured = [
            (ndcg(s, row), ndcg(row.features[:, 0], row))
            for s, row in zip(scores, rows, strict=True)
            if row.language == language
        ]
        whole, dense = np.mean(measured, axis=0)
        report(
            f"nDCG@10 of {len(measured)} questions ({language}), cross-validated: {whole:.3f}; "
            f"of the dense leg alone: {dense:.3f}"
        )
    weights = fit(rows)
    by_name = dict(zip(COLUMNS, map(float, weights), strict=True))
    learned = replace(
        matcher.parameters,
        leg_weights={name: by_name[name] for name in LEGS},
        preferences={name: by_name[name] for name in FEATURES},
    )
    told = Matcher(matcher.index, matcher.encoder, learned, NO_TREES)
    judges = [
        (Matcher(blinded.index, blinded.encoder, learned, NO_TREES), part)
        for blinded, part in parts
    ]
    curve = read_curve(told, development, report)
    line, least = read_line(judges, report)
    return _toml(weights, curve, line, least, unasked(parts))


def read_curve(matcher: Matcher, development: JudgedSet, report: Callable[[str], None]) -> Array:
    """Return offset and slope of the calibration of what a matcher ranks for people's questions."""
    told, people = ranked(matcher, development)
    report(f"calibration error, cross-validated: {_calibration_check(told, people):.3f}")
    return calibrate(told, people)


def read_line(
    judges: Sequence[tuple[Matcher, JudgedSet]], report: Callable[[str], None]
) -> tuple[Array, float]:
    """Return the line that tells whether a question has an answer, and the probability to ask for.

    Parameters
    ----------
    judges
        The folds of the judged needs, each beside a matcher that knows none of them.
    """
    on, off, values = [], [], []
    for judge, part in judges:
        values += [
            (row.language, ndcg(s, row)) for s, row in zip(*ranked(judge, part), strict=True)
        ]
        on.append(best_scores(judge, [question.text for question in part.questions]))
        foreign = [q.text for q in part.offtopic if q.kind in ("elsewhere", "near")]
        off.append(best_scores(judge, foreign))
    for language in LANGUAGES:
        mean = np.mean([value for of, value in values if of == language])
        report(f"nDCG@10 of the whole ranking ({language}), own needs not known: {mean:.3f}")
    inside, outside = np.vstack(on), np.vstack(off)
    truth = np.repeat([1.0, 0.0], [len(inside), len(outside)])
    line = logistic(np.vstack([inside, outside]), truth)
    least, refused, answered = _threshold(line, inside, outside)
    report(f"on-topic refused {refused:.3f}, off-topic answered {answered:.3f}, at {least:.2f}")
    return line, least


def _calibration_check(scores: Sequence[Array], rows: Sequence[Example]) -> float:
    """Return the calibration error of curves learned without the needs they are asked about."""
    probabilities, relevant = [], []
    for held in folds(rows):
        kept = np.flatnonzero(~held).tolist()
        curve = calibrate([scores[i] for i in kept], [rows[i] for i in kept])
        for number in np.flatnonzero(held).tolist():
            top, truth = _top(scores[number], rows[number], 20)
            probabilities.append(expit(curve[0] + curve[1] * top))
            relevant.append(truth)
    return reliability(np.concatenate(probabilities), np.concatenate(relevant)).error


def _threshold(line: Array, on: Array, off: Array) -> tuple[float, float, float]:
    """Return the probability to ask for at least, and both error rates there.

    The one with the smallest larger error: refusing a right question and answering a wrong one
    are equally bad.
    """
    inside = expit(line[0] + on @ line[1:])
    outside = expit(line[0] + off @ line[1:])
    tried = [
        (max((inside < t).mean(), (outside >= t).mean()), t) for t in np.linspace(0.02, 0.98, 97)
    ]
    least = float(min(tried)[1])
    return least, float((inside < least).mean()), float((outside >= least).mean())


def judged_lines(curve: Array, line: Array, least: float) -> str:
    """Return the lines of ``parameters.toml`` that change with the trees."""
    return (
        f"[calibration]\noffset = {curve[0]:.3f}\nslope = {curve[1]:.3f}\n\n"
        f"[answerable]\noffset = {line[0]:.3f}\nmargin = {line[1]:.3f}\n"
        f"score = {line[2]:.3f}\nleast = {least:.2f}"
    )


def _toml(
    weights: Array, curve: Array, line: Array, least: float, unasked: tuple[float, float]
) -> str:
    """Fill the template of ``parameters.toml``; the numbers set by hand stand in it."""
    by_name = dict(zip(COLUMNS, weights, strict=True))
    legs = "\n".join(f"{name} = {by_name[name]:.3f}" for name in LEGS)
    preferences = "\n".join(f"{name} = {by_name[name]:.3f}" for name in FEATURES)
    text = (Path(__file__).parent / "parameters.template.toml").read_text(encoding="utf-8")
    return text.format(
        legs=legs,
        preferences=preferences,
        offset=f"{curve[0]:.3f}",
        slope=f"{curve[1]:.3f}",
        answerable_offset=f"{line[0]:.3f}",
        margin=f"{line[1]:.3f}",
        score=f"{line[2]:.3f}",
        least=f"{least:.2f}",
        unasked_offset=f"{unasked[0]:.3f}",
        unasked_slope=f"{unasked[1]:.3f}",
    )
