"""HTML from templates in which every value is escaped: text from corpus and user is data."""

from __future__ import annotations

from functools import lru_cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

import streamlit as st
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from hytki_match.language.phrases import say
from hytki_match.web.geography import outline_style

if TYPE_CHECKING:
    from hytki_match.records import Language


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("hytki_match.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: Language, **values: object) -> str:
    """Return a template as HTML; ``say`` inside it speaks ``language``."""
    speak = partial(_say, language)
    return _environment().get_template(template).render(language=language, say=speak, **values)


def _say(language: Language, key: str) -> str:
    return say(key, language)


def draw(template: str, language: Language, **values: object) -> None:
    """Put a template on the page."""
    st.html(render(template, language, **values))


def draw_heading(key: str, language: Language) -> None:
    """Put a heading of the desk on the page, below the one title."""
    draw("desk_title.html", language, key=key)


def draw_style() -> None:
    """Put the style sheet on the page."""
    st.html(f"<style>{_style()}</style>")


@lru_cache(maxsize=1)
def _style() -> str:
    css = (files("hytki_match.web") / "style.css").read_text(encoding="utf-8")
    return css + outline_style()
