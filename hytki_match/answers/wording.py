"""What an answer says in words: the line of reason for each match, labels and dates.

Every renderer (text, Markdown, JSON, web) takes its words from here, so they never differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hytki_match.language.phrases import knows, quoted, say, say_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import (
        Answer,
        ContactMatch,
        Language,
        Record,
        RegionMatch,
        ResourceMatch,
    )

STRONG = 0.75
FAIR = 0.45
ASKS_FOR_RECORDS = ("what", "who", "where", "when")
"""Intents whose words a record could hold; "whom do I call" has none."""

MAX_NAMES = 3
OLD_YEARS = 2


def from_region(region_id: str, name: str, language: Language) -> str:
    """Return "from" a region; a user's own one, which no rule can inflect, as "the region X"."""
    key = f"region.{region_id}"
    return say(key if knows(key) else "region.other", language, region=name)


def unmatched_said(answer: Answer) -> str:
    """Return a sentence on the words of the question that no shown record holds, where it tells."""
    query = answer.query
    if not (answer.unmatched and answer.resources and query.intent in ASKS_FOR_RECORDS):
        return ""
    return say("answer.unmatched", query.language, words=quoted(answer.unmatched, query.language))


def resource_reason(match: ResourceMatch, answer: Answer) -> str:
    """Return one line that says why a record was found: words and topics, or else the meaning."""
    return " ".join(_visible_ties(match, answer)) or _meaning(match, answer.query.language)


def whole_reason(match: ResourceMatch, answer: Answer) -> str:
    """Return everything that ties a record to the question."""
    parts = (*_visible_ties(match, answer), _meaning(match, answer.query.language))
    return " ".join(part for part in parts if part)


def _meaning(match: ResourceMatch, language: Language) -> str:
    sentence = match.reason.sentence
    return say("reason.sentence", language, sentence=sentence) if sentence else ""


def _visible_ties(match: ResourceMatch, answer: Answer) -> list[str]:
    """Return the words and the topics that a record shares with the question."""
    language = answer.query.language
    reason = match.reason
    parts = []
    if reason.words:
        words = quoted(reason.words, language)
        parts.append(say_of("reason.word", reason.words, language, words=words))
    if reason.topics:
        parts.append(_topics_said("reason.topic", reason.topics, answer))
    return parts


def _topics_said(key: str, topics: Sequence[str], answer: Answer) -> str:
    names = ", ".join(names_of([f"topics/{topic}" for topic in topics], answer))
    return say_of(key, topics, answer.query.language, topics=names)


def contact_reason(match: ContactMatch, answer: Answer) -> str:
    """Return one line that says what ties a contact to the question."""
    language = answer.query.language
    parts = [say("reason.contact_called", language)] if match.called else []
    if match.through:
        records = "; ".join(names_of(match.through, answer)[:MAX_NAMES])
        parts.append(say("reason.contact_through", language, records=records))
    if match.topics:
        parts.append(_topics_said("reason.contact_topic", match.topics, answer))
    return " ".join(parts)


def region_reason(match: RegionMatch, answer: Answer) -> str:
    """Return one line with the records that prove a region."""
    records = "; ".join(names_of(match.proofs, answer))
    return say("reason.region_proofs", answer.query.language, records=records)


def strength_label(match: RegionMatch, language: Language) -> str:
    """Return the strength of a region in words."""
    level = "slight"
    if match.strength >= FAIR:
        level = "strong" if match.strength >= STRONG else "fair"
    return say(f"reason.strength_{level}", language)


def kind_label(record: Record, language: Language) -> str:
    """Return what a record is, as narrowly as its table says."""
    key = f"kind.{record.kind}"
    if record.kind and not knows(key):
        return record.kind.replace("_", " ")
    return say(key if record.kind else f"table.{record.table}", language)


def date_label(as_of: str, language: Language, today: str = "") -> str:
    """Return how fresh a fact is; a Finnish date is written day first.

    Parameters
    ----------
    today
        The day of the answer: a fact that is old by then is to be checked.
    """
    if not as_of:
        return say("label.no_date", language)
    if is_old(as_of, today):
        return say("label.check", language, year=as_of[:4])
    return say("label.as_of", language, date=written_date(as_of, language))


def freshness(match: ResourceMatch, answer: Answer) -> str:
    """Return how fresh a record is; what is over has its own date, which does not grow old."""
    if match.past:
        return ""
    return date_label(match.record.as_of, answer.query.language, answer.today)


def is_old(as_of: str, today: str) -> bool:
    """Tell whether a fact was more than ``OLD_YEARS`` years old on an ISO day.

    A mere month or year counts from its end, and what has no date is not called old.
    """
    if not as_of or not today:
        return False
    limit = f"{int(today[:4]) - OLD_YEARS:04}{today[4:]}"
    return f"{as_of}-99-99"[: len(limit)] < limit


def written_date(date: str, language: Language) -> str:
    """Return an ISO date, month or year as a reader of the language writes it."""
    parts = date.split("-")
    if language == "fi":
        return ".".join(part.lstrip("0") for part in reversed(parts))
    return date


def event_dates(record: Record, language: Language) -> str:
    """Return the day or the days of an event, or an empty string."""
    if not record.starts_on or record.ends_on in ("", record.starts_on):
        return written_date(record.starts_on, language)
    start, end = written_date(record.starts_on, language), written_date(record.ends_on, language)
    return say("label.when", language, start=start, end=end)


def names_of(ids: Sequence[str], answer: Answer) -> list[str]:
    """Return the names of the ids that the answer knows, in the asker's language if it can.

    Each name once: an organisation and its service may be called the same.
    """
    names = [answer.names[i].best(answer.query.language)[0] for i in ids if i in answer.names]
    return list(dict.fromkeys(names))


def region_names(record: Record, answer: Answer) -> str:
    """Return the regions of a record, with commas between them."""
    return ", ".join(names_of([f"regions/{region}" for region in record.region_ids], answer))


def web_addresses(values: Sequence[str]) -> list[str]:
    """Return those values that are safe web addresses: http or https with a host."""
    return [value for value in values if is_web_address(value)]


def is_web_address(value: str) -> bool:
    """Tell whether a cell may become a link."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
