"""A case made ready for a proposal: its text read for parts, and for where partners should be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.adviser.case import Part
from hytki_match.adviser.splitting import split_need
from hytki_match.adviser.wishes import unread, with_wishes

if TYPE_CHECKING:
    from hytki_match.adviser.case import Case
    from hytki_match.matching import Matcher


def with_parts(case: Case, matcher: Matcher) -> Case:
    """Return the case with its language told and its text read, if that was not done before.

    Read are the parts of the need, and where its partners should be.
    """
    if case.parts is not None:
        return case
    language = matcher.understand(case.need, fallback=case.language).language
    texts = split_need(case.need, language, matcher.encoder).parts
    parts = tuple(Part(f"p{number}", text) for number, text in enumerate(texts, start=1))
    case = replace(case, language=language, parts=parts)
    return with_wishes(case, matcher.index.corpus.regions)


def read_again(case: Case, matcher: Matcher) -> Case:
    """Return the case with its text read anew; what the adviser added or set by hand stays."""
    anew = with_parts(replace(case, parts=None, limits=unread(case.limits)), matcher)
    added = (part for part in case.parts or () if part.origin != "text")
    return replace(anew, parts=(*(anew.parts or ()), *added))
