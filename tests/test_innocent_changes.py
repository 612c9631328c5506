"""Answers change little when only the wording of a question does.

Questions are generated from the topics of the corpus (``wordings.py``) and asked twice. The floors
are what was measured, less a tenth or so: they catch a sort of change that breaks, not noise.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wordings import changed, wordings

from hytki_match.records import LANGUAGES

pytestmark = pytest.mark.slow

TODAY = date(2026, 1, 15)
TOP = 5
EXAMPLES = 80

# Sort of change: least mean overlap of the first five, least share of equal states, and whether
# the limits must be the same each time (a mistake may hit the word of a limit).
FLOORS = {
    "case": (0.99, 0.99, True),
    "punctuation": (0.85, 0.9, True),
    "polite": (0.99, 0.99, True),
    "order": (0.72, 0.85, True),
    "place": (0.6, 0.75, True),
    "dots": (0.8, 0.8, True),
    "typo": (0.78, 0.85, False),
}


@pytest.fixture(scope="module")
def ask(real_matcher):
    return lru_cache(maxsize=None)(lambda text: real_matcher.match(text, today=TODAY))


@pytest.fixture(scope="module")
def topics(real_matcher):
    labels = [topic.label for topic in real_matcher.index.corpus.topics.values()]
    return {language: sorted(label.get(language) for label in labels) for language in LANGUAGES}


@pytest.mark.parametrize("change", FLOORS)
def test_an_answer_outlives_an_innocent_change(ask, topics, change):
    overlaps, states = [], []

    @settings(
        derandomize=True,
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asked_twice(data):
        wording = data.draw(wordings(topics))
        other = data.draw(changed(wording, change))
        if other == wording.text:
            return
        one, two = ask(wording.text), ask(other)
        tops = [{match.record.doc_id for match in a.resources[:TOP]} for a in (one, two)]
        overlaps.append(len(tops[0] & tops[1]) / max(map(len, (*tops, "?"))))
        states.append(one.state == two.state)
        if must_keep_limits:
            assert limits_of(one) == limits_of(two), (wording.text, other)
            assert one.query.language == two.query.language, (wording.text, other)

    least_overlap, least_states, must_keep_limits = FLOORS[change]
    asked_twice()
    assert len(overlaps) >= EXAMPLES // 3
    assert sum(overlaps) / len(overlaps) >= least_overlap
    assert sum(states) / len(states) >= least_states


def limits_of(answer):
    return {(limit.key, limit.strict) for limit in answer.query.constraints}
