"""The first sentence of an answer: the best match and why, or why there is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hytki_match.answers.wording import (
    FAIR,
    from_region,
    kind_label,
    names_of,
    region_names,
    resource_reason,
    strength_label,
    whole_reason,
)
from hytki_match.corpus.schema import EXTRA_REGIONS
from hytki_match.language.phrases import knows, quoted, say
from hytki_match.settings import MAX_QUESTION_CHARS

if TYPE_CHECKING:
    from hytki_match.records import (
        Answer,
        Constraint,
        ContactMatch,
        Language,
        Record,
        ResourceMatch,
    )

UNSURE = 0.5
"""Probability of the nearest record from which "nobody does this" would say too much."""

MOST_PERCENT = 99
"""Nothing is certain."""

MOST_WORDS_OF_NAME = 6
"""Words of a question that is about a name in it."""

_BEGINS = re.compile(r"(?:^|[.!?:]\s)\W*$")

SEVERAL = 3
"""Regions of a record from which on it is of none of them."""


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
    elsewhere = any(one.key in ("kind_elsewhere", "general_funding") for one in answer.notices)
    if elsewhere or _lacks_name(answer):
        return say("answer.nearest", language, **values)
    if answer.browsed:
        key = "answer.browsed" if answer.browsed > 1 else "answer.browsed_one"
        said = say(key, language, count=answer.browsed, limits=_limits_said(answer), **values)
        more = len(answer.resources) > answer.browsed
        return f"{said} {say('answer.national_follow', language)}" if more else said
    return _good_summary(best.record, answer, values)


def _lacks_name(answer: Answer) -> bool:
    """Tell whether a short question has a name that no shown record has: no answer is strong then.

    "Mikä on TEFCA?", "Philips monitors"; in a longer one it may be where somebody comes from.
    """
    text = answer.query.text
    if len(text.split()) > MOST_WORDS_OF_NAME:
        return False
    return any(
        (word[:1].isupper() and not _BEGINS.search(text[: text.find(word)]))
        or (word.isupper() and word.isalpha() and len(word) > 2)
        for word in answer.unmatched
    )


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
        why=whole_reason(best, answer),
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


def _by(record: Record, answer: Answer) -> str:
    """Return the first organisation behind a record, unless the name says it already."""
    language = answer.query.language
    name = record.name.best(language)[0]
    for organisation in names_of([f"organisations/{o}" for o in record.organisation_ids], answer):
        if organisation not in name:
            return say("answer.by", language, organisation=organisation)
    return ""
