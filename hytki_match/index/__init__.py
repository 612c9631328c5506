"""The index: build it from the corpus, open it after its checksums held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hytki_match.index.build import build_index, is_up_to_date
    from hytki_match.index.ensuring import ensure_index
    from hytki_match.index.store import Index, open_index

__all__ = ["Index", "build_index", "ensure_index", "is_up_to_date", "open_index"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the module protocol gives any object
    """Import on first use: opening an index needs no table reader, building it does."""
    if name in ("Index", "open_index"):
        from hytki_match.index import store

        return getattr(store, name)
    if name == "ensure_index":
        from hytki_match.index.ensuring import ensure_index

        return ensure_index
    if name in __all__:
        from hytki_match.index import build

        return getattr(build, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
