"""The numbers of matching, read once from ``parameters.toml``, and the calibration they define."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRIEVAL_DEPTH = 100
"""Records each leg hands to fusion: far past any list that a person reads."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What ``parameters.toml`` says; see the comments there."""

    leg_weights: Mapping[str, float]
    unasked: Mapping[str, float]
    preferences: Mapping[str, float]
    companions: Mapping[str, float]
    calibration_offset: float
    calibration_slope: float
    answerable: Mapping[str, float]
    good_probability: float
    weak_probability: float
    shown_share: float

    def probability(self, score: float) -> float:
        """Return the probability, 0 to 1, that a person calls a record of this score relevant."""
        return 1 / (1 + math.exp(-(self.calibration_offset + self.calibration_slope * score)))

    def score_of(self, probability: float) -> float:
        """Return the score that has a probability, above 0 and below 1."""
        odds = math.log(probability / (1 - probability))
        return (odds - self.calibration_offset) / self.calibration_slope

    def answerable_probability(self, margin: float, score: float) -> float:
        """Return the probability that the corpus answers a question at all.

        Parameters
        ----------
        margin
            By how much it is nearer to answered questions than to unanswered ones.
        score
            Score of the best hit.
        """
        weights = self.answerable
        z = weights["offset"] + weights["margin"] * margin + weights["score"] * score
        return 1 / (1 + math.exp(-z))


@lru_cache(maxsize=1)
def default_parameters() -> Parameters:
    """Return the parameters that ship with the package."""
    return parse_parameters((files(__package__) / "parameters.toml").read_text(encoding="utf-8"))


def parse_parameters(text: str) -> Parameters:
    """Return the parameters that a text in the form of ``parameters.toml`` sets."""
    table = tomllib.loads(text)
    return Parameters(
        leg_weights=table["fusion"],
        unasked=table["unasked"],
        preferences=table["preference"],
        companions=table["companions"],
        calibration_offset=table["calibration"]["offset"],
        calibration_slope=table["calibration"]["slope"],
        answerable=table["answerable"],
        good_probability=table["answer"]["good"],
        weak_probability=table["answer"]["weak"],
        shown_share=table["answer"]["shown_share"],
    )
