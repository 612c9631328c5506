"""From a question to ranked regions, contacts and resources with reasons."""

from __future__ import annotations

from hytki_match.matching.matcher import Matcher

__all__ = ["Matcher"]
