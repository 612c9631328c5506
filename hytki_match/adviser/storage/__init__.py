"""Where cases are kept."""

from __future__ import annotations

from hytki_match.adviser.storage.store import (
    KEPT_DAYS,
    CaseLine,
    CaseStore,
    Change,
    StoredCase,
)

__all__ = ["KEPT_DAYS", "CaseLine", "CaseStore", "Change", "StoredCase"]
