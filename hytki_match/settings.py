"""Every path, name and number that may change, in one place, each with its reason."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BUNDLED_MODEL = "bundled"
"""Name of the encoder that ships in the package."""

MAX_QUESTION_CHARS = 2000
"""Longer questions are answered with a request to shorten: nobody's question is that long."""

PACKAGE_DIR = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and which encoder to use.

    Each field can be set by an environment variable: ``HYTKI_MATCH_CORPUS``,
    ``HYTKI_MATCH_INDEX`` and ``HYTKI_MATCH_MODEL``; the command line has an option for each.
    ``HYTKI_MATCH_CASES`` is the address of the database of the adviser's cases.
    The web chat also reads ``HYTKI_MATCH_FEEDBACK`` (an SQLite file; without it no opinion and no
    question is stored), ``HYTKI_MATCH_FEEDBACK_ADDRESS`` (an e-mail address where people can tell
    of barriers) and ``HYTKI_MATCH_OPERATORS`` (e-mail addresses, with commas between them, of
    those who may see the operator's page after logging in).
    """

    corpus_dir: Path
    index_dir: Path
    model: str = BUNDLED_MODEL
    cases_url: str = ""
    feedback_file: Path | None = None
    feedback_address: str = ""
    operators: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of this process; unset variables fall back to the project folder."""
        values = os.environ if environment is None else environment
        home = _project_dir()
        feedback = values.get("HYTKI_MATCH_FEEDBACK")
        operators = values.get("HYTKI_MATCH_OPERATORS", "").split(",")
        return cls(
            corpus_dir=Path(values.get("HYTKI_MATCH_CORPUS") or home / "corpus"),
            index_dir=Path(values.get("HYTKI_MATCH_INDEX") or home / "index"),
            model=values.get("HYTKI_MATCH_MODEL") or BUNDLED_MODEL,
            cases_url=values.get("HYTKI_MATCH_CASES") or f"sqlite:///{home / 'cases' / 'cases.db'}",
            feedback_file=Path(feedback) if feedback else None,
            feedback_address=values.get("HYTKI_MATCH_FEEDBACK_ADDRESS", "").strip(),
            operators=tuple(name.strip() for name in operators if name.strip()),
        )


def _project_dir() -> Path:
    """Return the folder that holds ``corpus/``.

    The working folder comes first; a checkout installed in place is found from anywhere.
    """
    working = Path.cwd()
    checkout = PACKAGE_DIR.parent
    if not (working / "corpus").is_dir() and (checkout / "corpus").is_dir():
        return checkout
    return working
