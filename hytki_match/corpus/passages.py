"""From records to passages: the text of a record in one language as both legs index it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.records import LANGUAGES, Passage, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hytki_match.records import Corpus, Language, Record

SCOPES = {
    "national": Text("valtakunnallinen", "national"),
    "international": Text("kansainvälinen", "international"),
}
"""Words for the region values that have no row of their own."""


def make_passages(corpus: Corpus) -> Iterator[Passage]:
    """Yield one passage for each record and language that has words for it, by ``passage_id``.

    A record that lacks one language is found from it by the encoder's meaning, and by the names
    and terms that both languages share.
    """
    # By the ids of records is by those of passages: # comes before whatever stands in an id.
    for record in corpus.records.values():
        for language in sorted(LANGUAGES):
            if text := _text(record, language, corpus):
                yield Passage(passage_id(record.doc_id, language), record.doc_id, language, text)


def passage_id(doc_id: str, language: Language) -> str:
    """Return the id of a record's passage in one language."""
    return f"{doc_id}#{language}"


def _text(record: Record, language: Language, corpus: Corpus) -> str:
    """Join what is known of a record; empty when it has no words of its own in the language."""
    description = record.description.get(language)
    # A name that is the same in both languages says nothing in either.
    own_name = record.name.get(language) if record.name.fi != record.name.en else ""
    if not (description or own_name or record.keywords.get(language)):
        return ""
    sentences = (
        record.name.best(language)[0] + ".",
        description,
        *(f"{', '.join(group)}." for group in _groups(record, language, corpus) if any(group)),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _groups(record: Record, language: Language, corpus: Corpus) -> Iterator[list[str]]:
    yield [corpus.topics[topic].label.best(language)[0] for topic in record.topics]
    yield [_region(region, language, corpus) for region in record.region_ids]
    yield [
        corpus.records[f"organisations/{organisation}"].name.best(language)[0]
        for organisation in record.organisation_ids
    ]
    yield [record.keywords.get(language)]


def _region(region_id: str, language: Language, corpus: Corpus) -> str:
    if region_id in SCOPES:
        return SCOPES[region_id].get(language)
    return corpus.regions[region_id].name.best(language)[0]
