"""Question to ``Query``: language and named regions. Deeper understanding grows here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.language.detection import detect_language
from hytki_match.matching.places import named_regions
from hytki_match.records import Query

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hytki_match.language.detection import Evidence
    from hytki_match.records import Language, Table


def understand(
    question: str,
    *,
    fallback: Language,
    region_ids: Collection[str],
    evidence: Evidence | None = None,
    regions: Sequence[str] = (),
    kinds: Sequence[Table] = (),
) -> Query:
    """Tell what a question asks.

    Parameters
    ----------
    fallback
        Language of the page or the conversation, for a question too short to tell.
    region_ids
        Regions of the corpus; a named region outside them is not a preference.
    evidence
        Log-odds that a word is Finnish, from the corpus; see :func:`detect_language`.
    regions, kinds
        Filters that the asker set.
    """
    language, confidence = detect_language(question, fallback, evidence)
    return Query(
        text=question,
        language=language,
        confidence=confidence,
        regions=tuple(sorted(regions)),
        kinds=tuple(sorted(kinds)),
        named_regions=tuple(r for r in named_regions(question) if r in region_ids),
    )
