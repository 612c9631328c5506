"""The path of an answer as plain text of 80 columns, in the asker's language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hytki_match.answers.as_text import WIDTH, plain, wrapped
from hytki_match.answers.limits import limit_label, region_label
from hytki_match.language.phrases import knows, quoted, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hytki_match.answers.as_text import Style
    from hytki_match.matching.explanation import (
        Calibration,
        ContactPath,
        Explanation,
        FusedHit,
        LegTop,
        Neighbour,
        Part,
        RegionPath,
    )
    from hytki_match.records import Answer, Constraint, Language

SHOWN_HITS = 5
SHOWN_EVIDENCE = 4
"""Hits that are named for each region and contact; the others are taken together."""

LABEL_WIDTH = 14
PART_WIDTH = 18
MEANING_WIDTH = 22


def explanation_to_text(answer: Answer, path: Explanation, *, bold: Style = plain) -> str:
    """Return the whole path as text: what was understood, found, added up and concluded."""
    language = answer.query.language
    blocks = {"question": _question(answer, path)}
    if path.calibration is None:
        state = say(f"explain.states.{answer.state}", language)
        blocks["question"].append(wrapped(say("explain.talk", language, state=state), WIDTH, 2))
    else:
        blocks["terms"] = _terms(path, language)
        blocks["legs"] = [line for leg in path.legs for line in _leg(leg, path, language)]
        blocks["fusion"] = [
            line for hit in path.hits[:SHOWN_HITS] for line in _hit(hit, path, language)
        ]
        blocks["calibration"] = list(_calibration(path.calibration, answer, path))
        blocks["regions"] = [line for r in path.regions for line in _region(r, answer, path)]
        blocks["contacts"] = [line for c in path.contacts for line in _contact(c, answer, path)]
    return "\n".join(
        "\n".join([bold(say(f"explain.heading.{key}", language).upper()), *lines, ""])
        for key, lines in blocks.items()
        if lines
    )


def _question(answer: Answer, path: Explanation) -> list[str]:
    query, language = answer.query, answer.query.language
    name = say(f"explain.name_{language}", language)
    confidence = _number(query.confidence, 2, language)
    told = say("explain.language_is", language, name=name, confidence=confidence)
    if query.foreign:
        told = say("explain.language_foreign", language, name=name)
    limits = [_limit(limit, answer) for limit in (*query.constraints, *query.unwanted)]
    lines = [_row("language", told, language)]
    lines.append(_row("intent", say(f"explain.intents.{query.intent}", language), language))
    for number, limit in enumerate(limits or [say("explain.no_constraints", language)]):
        lines.append(_row("constraints" if not number else "", limit, language))
    lines.append(_row("topic", query.topic, language))
    if path.searched not in ("", query.text):
        lines.append(_row("searched", path.searched, language))
    if path.loosened:
        lines.append(_row("", say("explain.loosened", language), language))
    if path.upcoming_first:
        lines.append(_row("", say("explain.upcoming_first", language), language))
    return lines


def _limit(limit: Constraint, answer: Answer) -> str:
    language = answer.query.language
    filters = limit.strict or limit.unwanted
    force = say(f"explain.force.{'strict' if filters else 'preference'}", language)
    if limit.kept:
        force += f", {say('explain.kept', language)}"
    label = limit_label(limit, answer, language)
    words = quoted([limit.words.strip(" ,")], language)
    return say("explain.constraint", language, label=label, words=words, force=force)


def _terms(path: Explanation, language: Language) -> list[str]:
    lines = []
    for of, terms in path.terms.items():
        name = say(f"explain.name_{of}", language)
        text = " · ".join(f"{term.term} ({term.passages})" for term in terms)
        lines.append(_columns(name, text))
    return lines


def _leg(leg: LegTop, path: Explanation, language: Language) -> Iterator[str]:
    name = _known(f"explain.leg_name.{leg.leg}", leg.leg, language)
    head = say(
        "explain.leg",
        language,
        name=name,
        leg=leg.leg,
        weight=_number(leg.weight, 3, language),
        found=leg.found,
        floor=_number(leg.floor, 4, language),
    )
    yield wrapped(head, WIDTH, 2)
    for hit in leg.top:
        score = _number(hit.score, 4, language)
        yield _cut(f"  {hit.rank:>4}  {score}  {_record(hit.doc_id, path, language)}")
    if not leg.top:
        yield f"        {say('explain.nothing_found', language)}"


def _hit(hit: FusedHit, path: Explanation, language: Language) -> Iterator[str]:
    yield _cut(f"  {hit.rank:>2}. {_record(hit.doc_id, path, language)}")
    yield from (_part(part, language) for part in hit.parts)
    label = f"{say('explain.sum', language):<{PART_WIDTH + MEANING_WIDTH}}"
    probability = _number(hit.probability, 3, language)
    told = say("explain.probability", language, probability=probability)
    # As wide as "weight × value = " above it.
    yield f"      {label}{'':19}{_number(hit.score, 4, language):>8}"
    yield f"      {told}"


def _part(part: Part, language: Language) -> str:
    meaning = _known(f"explain.part.{part.name}", "", language)
    if not part.listed:
        meaning = say("explain.not_listed", language)
    weight, value = _number(part.weight, 3, language), _number(part.value, 4, language)
    added = _number(part.added, 4, language)
    label = f"{part.name:<{PART_WIDTH}}{meaning:<{MEANING_WIDTH}}"
    return f"      {label}{weight:>7} × {value:>7} = {added:>7}"


def _calibration(found: Calibration, answer: Answer, path: Explanation) -> Iterator[str]:
    language = answer.query.language
    offset, slope = _number(found.offset, 3, language), _number(found.slope, 3, language)
    yield f"  {say('explain.curve', language, offset=offset, slope=slope)}"
    if path.hits:
        values = {
            "probability": _number(path.hits[0].probability, 3, language),
            "good": _number(found.good, 2, language),
            "weak": _number(found.weak, 2, language),
        }
        yield f"  {say('explain.best', language, **values)}"
    if found.can_tell:
        probability = _number(found.answerable, 3, language)
        least = _number(found.least, 2, language)
        yield f"  {say('explain.answerable', language, probability=probability, least=least)}"
        margin = _number(found.margin, 4, language)
        score = _number(found.best_score, 3, language)
        yield wrapped(say("explain.margin", language, margin=margin, score=score), WIDTH, 4)
        yield from _neighbours("answered", found.answered, language)
        yield from _neighbours("unanswered", found.unanswered, language)
    else:
        yield wrapped(say("explain.cannot_tell", language), WIDTH, 2)
    if answer.browsed:
        yield wrapped(say("explain.browsing", language, count=answer.browsed), WIDTH, 2)
    state = say(f"explain.states.{answer.state}", language)
    yield f"  {say('explain.state', language)}: {state}"


def _neighbours(key: str, found: Iterable[Neighbour], language: Language) -> Iterator[str]:
    yield f"    {say(f'explain.{key}', language)}"
    for neighbour in found:
        cosine = _number(neighbour.cosine, 4, language)
        yield _cut(f"      {cosine}  {quoted([neighbour.text], language)}")
        if neighbour.answers:
            yield _cut(f"{'':14}→ {', '.join(neighbour.answers)}")


def _region(region: RegionPath, answer: Answer, path: Explanation) -> Iterator[str]:
    language = answer.query.language
    name = region_label(region.region_id, answer, language)
    strength = _number(region.strength, 4, language)
    yield f"  {say('explain.region', language, name=name, strength=strength)}"
    for proof in region.evidence[:SHOWN_EVIDENCE]:
        share = _number(proof.share, 4, language)
        yield _cut(f"      {share}  {_record(proof.doc_id, path, language)}")
    rest = [1 - proof.share for proof in region.evidence[SHOWN_EVIDENCE:]]
    if rest:
        together = _number(1 - math.prod(rest), 4, language)
        yield f"      {together}  {say('explain.rest', language, count=len(rest))}"


def _contact(contact: ContactPath, answer: Answer, path: Explanation) -> Iterator[str]:
    language = answer.query.language
    name = _record(contact.doc_id, path, language)
    score = _number(contact.score, 4, language)
    yield _cut(f"  {say('explain.contact', language, name=name, score=score)}")
    evidence = sorted(contact.evidence, key=lambda pull: -pull.by_organisation - pull.by_topics)
    for pull in evidence[:SHOWN_EVIDENCE]:
        added = _number(pull.by_organisation + pull.by_topics, 4, language)
        yield _cut(f"      {added}  {_record(pull.doc_id, path, language)}")
        ties = [say("explain.through", language)] if pull.by_organisation else []
        if pull.topics:
            names = [answer.names.get(f"topics/{topic}") for topic in pull.topics]
            topics = ", ".join(
                name.best(language)[0] if name else topic
                for name, topic in zip(names, pull.topics, strict=True)
            )
            ties.append(say("explain.shared", language, topics=topics))
        yield wrapped("; ".join(ties), WIDTH, 14)
    rest = [pull.by_organisation + pull.by_topics for pull in evidence[SHOWN_EVIDENCE:]]
    if rest:
        told = say("explain.rest", language, count=len(rest))
        yield f"      {_number(sum(rest), 4, language)}  {told}"
    for key, points in (("in_region", contact.by_region), ("by_asked", contact.by_asked)):
        if points:
            yield f"      {_number(points, 4, language)}  {say(f'explain.{key}', language)}"


def _record(doc_id: str, path: Explanation, language: Language) -> str:
    name = path.names.get(doc_id)
    return f"{doc_id}  {name.best(language)[0]}" if name else doc_id


def _row(key: str, text: str, language: Language) -> str:
    return _columns(say(f"explain.{key}", language) if key else "", text)


def _columns(label: str, text: str) -> str:
    """Return a label with a text beside it, whose further lines stay in its column."""
    body = wrapped(text, WIDTH, LABEL_WIDTH + 2)
    return f"  {label:<{LABEL_WIDTH}}{body[LABEL_WIDTH + 2 :]}"


def _known(key: str, otherwise: str, language: Language) -> str:
    """Return a phrase, or another text for what was added to the numbers of matching later."""
    return say(key, language) if knows(key) else otherwise


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _number(value: float, digits: int, language: Language) -> str:
    """Return a number as a reader of the language writes it, minus sign and all."""
    text = f"{value:.{digits}f}".replace("-", "−")
    return text.replace(".", ",") if language == "fi" else text
