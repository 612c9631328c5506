"""HYTKI Match: from a question to regions, contacts and resources, with reasons and sources.

Importing this package loads nothing heavy; the names below are fetched when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hytki_match.corpus import check_corpus, load_corpus
    from hytki_match.errors import HytkiMatchError
    from hytki_match.index import build_index, open_index
    from hytki_match.matching import Matcher
    from hytki_match.records import Answer, Query
    from hytki_match.settings import Settings

__all__ = [
    "Answer",
    "HytkiMatchError",
    "Matcher",
    "Query",
    "Settings",
    "build_index",
    "check_corpus",
    "load_corpus",
    "open_index",
]

_HOME = {
    "Answer": "records",
    "HytkiMatchError": "errors",
    "Matcher": "matching",
    "Query": "records",
    "Settings": "settings",
    "build_index": "index",
    "check_corpus": "corpus",
    "load_corpus": "corpus",
    "open_index": "index",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module protocol gives any object
    """Import a public name from its module on first use (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("hytki-match")
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
