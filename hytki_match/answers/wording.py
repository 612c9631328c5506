"""What an answer says in words: its first sentence and the line of reason for each match.

Every renderer (text, Markdown, JSON, web) takes its words from here, so they never differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hytki_match.corpus.schema import EXTRA_REGIONS
from hytki_match.language.phrases import knows, quoted, say, say_of
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.records import (
        Answer,
        Constraint,
        ContactMatch,
        Language,
        Record,
        RegionMatch,
        ResourceMatch,
    )

STRONG = 0.75
FAIR = 0.45
UNSURE = 0.5
"""Probability of the nearest record from which "nobody does this" would say too much."""

ASKS_FOR_RECORDS = ("what", "who", "where", "when")
"""Intents whose words a record could hold; "whom do I call" has none."""

MOST_PERCENT = 99
"""Nothing is certain."""

SEVERAL = 3
"""Regions of a record from which on it is of none of them."""

MAX_NAMES = 3
OLD_YEARS = 2


def summary(answer: Answer) -> str:
    """Return the first sentence: the best region or organisation and why, or why there is none."""
    language = answer.query.language
    if answer.state == "too_long":
        length = len(answer.query.text)
        return say("answer.too_long", language, length=length, most=MAX_QUESTION_CHARS)
    if answer.state == "chat":
        return say(f"chat.{answer.talk}", language)
    if answer.state == "empty":
        return say("answer.empty", language)
    if not answer.resources:
        return _nothing(answer)
    if answer.query.place or answer.query.about:
        return _result_summary(answer)
    if answer.query.page:
        return _more_summary(answer)
    best = answer.resources[0]
    values = {
        "name": best.record.name.best(language)[0],
        "kind": kind_label(best.record, language),
        "by": _by(best.record, answer),
    }
    if answer.state == "none":
        unsure = "answer.none_unsure" if best.probability >= UNSURE else "answer.none_nearest"
        return say("answer.none_foreign" if answer.query.foreign else unsure, language, **values)
    return _matched_summary(best, answer, values)


def _matched_summary(best: ResourceMatch, answer: Answer, values: dict[str, str]) -> str:
    """Return the first sentence where something was found, good or weak."""
    language = answer.query.language
    values["why"] = resource_reason(best, answer)
    if answer.contacts and answer.contacts[0].contact.doc_id in answer.named:
        return _person(answer.contacts[0], language)
    if answer.query.intent == "compare" and (sides := _sides(answer)):
        return say("answer.side_by_side", language, sides=sides)
    if missed := [limit for limit in answer.relaxed if limit.name == "time"]:
        return _at_another_time(missed[0], values, language)
    if answer.state == "weak":
        return say("answer.weak", language, **values)
    if any(notice.key in ("kind_elsewhere", "general_funding") for notice in answer.notices):
        return say("answer.nearest", language, **values)
    if answer.browsed:
        key = "answer.browsed" if answer.browsed > 1 else "answer.browsed_one"
        said = say(key, language, count=answer.browsed, limits=_limits_said(answer), **values)
        more = len(answer.resources) > answer.browsed
        return f"{said} {say('answer.national_follow', language)}" if more else said
    return _good_summary(best.record, answer, values)


def _person(match: ContactMatch, language: Language) -> str:
    """Return who somebody is that was called by name, and what is known of how to reach them."""
    contact = match.contact
    name, role = contact.name.best(language)[0], contact.role.best(language)[0]
    reached = "answer.person" if contact.email or contact.phone else "answer.person_unreached"
    return say(reached, language, name=name, role=role)


def _sides(answer: Answer) -> str:
    """Return what is said of the regions or the named records that are compared; none wins."""
    if len(answer.query.named_regions) > 1:
        return " ".join(_side(region, answer) for region in answer.query.named_regions)
    named = [match.record for match in answer.resources if match.record.doc_id in answer.named]
    language = answer.query.language
    return " ".join(
        say(
            "answer.named_side",
            language,
            name=record.name.best(language)[0],
            kind=kind_label(record, language),
            regions=region_names(record, answer),
        )
        for record in named
        if len(named) > 1
    )


def _side(region: str, answer: Answer) -> str:
    """Return what speaks for one of the regions that are compared; none of them wins."""
    language = answer.query.language
    said = {"region": answer.names[f"regions/{region}"].best(language)[0]}
    strengths = [m for m in answer.regions if m.region.region_id == region]
    own = [m.record for m in answer.resources if region in m.record.region_ids]
    if not (strengths and own):
        return say("answer.no_side", language, **said)
    said |= {"strength": strength_label(strengths[0], language)}
    said |= {"name": own[0].name.best(language)[0], "kind": kind_label(own[0], language)}
    return say("answer.one_side", language, **said)


def _limits_said(answer: Answer) -> str:
    """Return the limits as a list: regions and tables by their names, others in the asker's words.

    A town is named as its region, for which it is taken.
    """
    language = answer.query.language

    def name_of(limit: Constraint) -> str:
        if region := answer.names.get(f"regions/{limit.value}"):
            return region.best(language)[0]
        table = f"tables.{limit.value}"
        return say(table, language).lower() if knows(table) else limit.words

    return quoted([", ".join(map(name_of, answer.query.constraints))], language)


def _at_another_time(limit: Constraint, values: dict[str, str], language: Language) -> str:
    """Say first that nothing is of the time asked for: the nearest is then no strong answer."""
    key = "answer.nothing_to_come" if limit.looks_ahead else "answer.at_another_time"
    return say(key, language, time=limit.words, **values)


def _nothing(answer: Answer) -> str:
    """Return why no resource is shown."""
    query = answer.query
    if query.page:
        return say("answer.no_more", query.language)
    filtered = query.regions or query.kinds
    return say("answer.none_filtered" if filtered else "answer.none", query.language)


def _more_summary(answer: Answer) -> str:
    """Return the first sentence of more results."""
    language = answer.query.language
    best, last = answer.resources[0], answer.resources[-1]
    name, kind = best.record.name.best(language)[0], kind_label(best.record, language)
    values = {"first": best.hit.rank, "last": last.hit.rank, "name": name, "kind": kind}
    return say("answer.more", language, **values)


def _result_summary(answer: Answer) -> str:
    """Return why the result that was asked about stands where it does, or that there is none."""
    query, best = answer.query, answer.resources[0]
    if query.about and best.record.doc_id not in query.about:
        return say("answer.why_not", query.language)
    # Without one in that place the others stand as they did.
    if query.place > len(answer.resources):
        return say("answer.why_none", query.language, count=len(answer.resources))
    key = "answer.why" if best.hit.rank == 1 else "answer.why_there"
    if best.hit.rank > len(answer.resources) * (query.page + 1):
        key = "answer.why_far"
    return say(
        key,
        query.language,
        name=best.record.name.best(query.language)[0],
        kind=kind_label(best.record, query.language),
        rank=best.hit.rank,
        percent=min(round(100 * best.probability), MOST_PERCENT),
        why=_whole_reason(best, answer),
    )


def _good_summary(record: Record, answer: Answer, values: dict[str, str]) -> str:
    """Name the region of the best record: the leading one, if it stands in several.

    Where another region leads, because more speaks for it, both are said: the list below would
    otherwise seem to contradict.
    """
    language = answer.query.language
    own = [m.region.region_id for m in answer.regions if m.region.region_id in record.region_ids]
    if not own:
        # Of a region that was not asked for, and is therefore in no list of regions.
        own = [region for region in record.region_ids if region not in EXTRA_REGIONS]
    if not own:
        scope = "international" if "international" in record.region_ids else "national"
        return say(
            "answer.good_elsewhere", language, scope=say(f"answer.{scope}", language), **values
        )
    asked = set(answer.query.named_regions) & set(record.region_ids)
    if not asked and len(set(record.region_ids) - set(EXTRA_REGIONS)) >= SEVERAL:
        return say("answer.good_several", language, **values)
    name = answer.names[f"regions/{own[0]}"].best(language)[0]
    values |= {"region": name, "from_region": from_region(own[0], name, language)}
    leading = answer.regions[0] if answer.regions else None
    if leading is None or leading.region.region_id in own or leading.strength < FAIR:
        return say("answer.good_region", language, **values)
    most, leading_id = leading.region.name.best(language)[0], leading.region.region_id
    from_leading = from_region(leading_id, most, language)
    return say("answer.good_beside", language, leading=most, from_leading=from_leading, **values)


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


def _by(record: Record, answer: Answer) -> str:
    """Return the first organisation behind a record, unless the name says it already."""
    language = answer.query.language
    name = record.name.best(language)[0]
    for organisation in names_of([f"organisations/{o}" for o in record.organisation_ids], answer):
        if organisation not in name:
            return say("answer.by", language, organisation=organisation)
    return ""


def resource_reason(match: ResourceMatch, answer: Answer) -> str:
    """Return one line that says why a record was found: words and topics, or else the meaning."""
    return " ".join(_visible_ties(match, answer)) or _meaning(match, answer.query.language)


def _whole_reason(match: ResourceMatch, answer: Answer) -> str:
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
