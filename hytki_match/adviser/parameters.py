"""The numbers of ``parameters.toml`` by name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Parameters:
    """Numbers of the desk; each has its reason in ``parameters.toml``."""

    least: float
    even: float
    fair: float
    told: float
    answerable: float
    whole: float
    own: float
    first: float
    not_first: float
    guide: float
    abroad: float
    ended: float
    company_as_researcher: float
    further: float
    evidence: int
    depth: int
    region_points: int
    topic_points: int


@lru_cache(maxsize=1)
def parameters() -> Parameters:
    """Return the numbers that ship with the package."""
    text = (files("hytki_match.adviser") / "parameters.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Parameters(
        least=table["cover"]["least"],
        even=table["cover"]["even"],
        fair=table["cover"]["fair"],
        told=table["cover"]["told"],
        answerable=table["unserved"]["answerable"],
        whole=table["unserved"]["whole"],
        own=table["evidence"]["own"],
        first=table["evidence"]["first"],
        not_first=table["evidence"]["not_first"],
        guide=table["evidence"]["guide"],
        abroad=table["evidence"]["abroad"],
        ended=table["evidence"]["ended"],
        company_as_researcher=table["evidence"]["company_as_researcher"],
        further=table["evidence"]["further"],
        evidence=table["evidence"]["most"],
        depth=table["evidence"]["depth"],
        region_points=table["consortium"]["region"],
        topic_points=table["consortium"]["topic"],
    )
