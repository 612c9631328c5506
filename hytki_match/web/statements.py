"""The privacy notice and the accessibility statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.web.drawing import draw

if TYPE_CHECKING:
    from hytki_match.records import Language
    from hytki_match.settings import Settings

PRIVACY = ("desk", "session", "address", "contacts", "cookies")
ACCESSIBILITY = ("level", "tested", "gaps", "supervision")


def show_privacy(settings: Settings, language: Language) -> None:
    """Say what is stored: by default nothing."""
    stored = "stored_feedback" if settings.feedback_file else "stored_nothing"
    _statement("privacy", (stored, *PRIVACY), settings, language)


def show_accessibility(settings: Settings, language: Language) -> None:
    """Say how accessible the page is and where to tell of a barrier."""
    _statement("accessibility", ACCESSIBILITY, settings, language)


def _statement(
    name: str, sections: tuple[str, ...], settings: Settings, language: Language
) -> None:
    draw(
        "statement.html",
        language,
        name=name,
        sections=sections,
        address=settings.feedback_address,
    )
