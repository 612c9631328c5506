"""What the command line and the web chat share: from settings to a matcher that is up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hytki_match.corpus import corpus_digest
from hytki_match.encoder import load_encoder
from hytki_match.errors import CorpusError
from hytki_match.index import open_index
from hytki_match.matching import Matcher
from hytki_match.records import Notice

if TYPE_CHECKING:
    from hytki_match.encoder import Progress
    from hytki_match.records import Answer
    from hytki_match.settings import Settings


def open_matcher(settings: Settings) -> Matcher:
    """Open the index that serves, with the encoder it was built with.

    Raises
    ------
    IndexMissingError, IndexBrokenError, IndexStaleError, EncoderError
    """
    index = open_index(settings.index_dir)
    return Matcher(index, load_encoder(index.manifest.encoder_name))


def build_if_needed(settings: Settings, progress: Progress | None = None) -> tuple[Matcher, bool]:
    """Bring the index up to date and open it; the second value tells whether it was built.

    Raises
    ------
    CorpusError, EncoderError, BuildError
    """
    from hytki_match.index.ensuring import ensure_index

    encoder = load_encoder(settings.model)
    found = ensure_index(settings.corpus_dir, settings.index_dir, encoder, progress)
    return Matcher(found.index, encoder), found.built


def is_stale(matcher: Matcher, settings: Settings) -> bool:
    """Tell whether the corpus on disk is another than the index was built from.

    An index may be served without its corpus; it is not stale then. A table that is missing makes
    it stale: somebody is at work there.
    """
    if not settings.corpus_dir.is_dir():
        return False
    try:
        return corpus_digest(settings.corpus_dir) != matcher.index.manifest.corpus_digest
    except CorpusError:
        return True


def with_stale_notice(answer: Answer, *, stale: bool) -> Answer:
    """Return the answer with a notice when it comes from an index that is behind its corpus."""
    return replace(answer, notices=(*answer.notices, Notice("stale"))) if stale else answer
