"""Programmes and projects that are over: not chosen where others serve, and marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from corpus_files import SHIPPED
from sleep_case import DAY, case_of

from hytki_match.adviser import proposal
from hytki_match.adviser.as_json import proposal_to_dict
from hytki_match.adviser.as_text import proposal_to_text
from hytki_match.adviser.case import Limits, Link, Part
from hytki_match.adviser.ended import has_ended
from hytki_match.adviser.handover import make_markdown
from hytki_match.adviser.work import work_on
from hytki_match.corpus import load_corpus
from hytki_match.records import Text

HOSPITAL, LAB = "organisations/oulu-hospital", "organisations/turku-lab"


def test_the_shipped_records_that_have_ended_are_known():
    """A new row that the rule takes for ended is looked at by a person first."""
    records = load_corpus(SHIPPED).records.values()
    assert {r.doc_id for r in records if has_ended(r)} == {
        "organisations/digihealth-hub",
        "organisations/digitalhealtheurope",
        "organisations/hyteairo",
    }


@pytest.mark.parametrize(
    ("name", "fi", "en", "ended"),
    [
        ("Hyteairo", "Hyteairo oli ministeriön ohjelma.", "", True),
        ("Hub (Old Hub)", "", "Hub was a centre of the university.", True),
        ("Nordic Move", "", "Nordic Move is a movement. It was a project once.", False),
        (
            "Gesund Oy",
            "Gesund Oy oli toinen oppaan tekijöistä.",
            "Gesund Oy was one of two.",
            False,
        ),
        ("Firma", "Vuosi 2020 oli firman paras.", "The year was a good one.", False),
        ("Biobank", "", "Biobank was the first in the country and serves all.", False),
        ("Empty", "", "", False),
    ],
)
def test_a_record_tells_of_itself_that_it_has_ended(small_matcher, name, fi, en, ended):
    record = small_matcher.index.corpus.records[HOSPITAL]
    assert has_ended(replace(record, name=Text(name, name), description=Text(fi, en))) == ended


def say_ended(monkeypatch, doc_id):
    for module in ("ended", "wording", "as_json"):
        name = f"hytki_match.adviser.{module}.has_ended"
        monkeypatch.setattr(name, lambda record: record.doc_id == doc_id)


@pytest.fixture
def with_ended(small_matcher, monkeypatch):
    """A case of the small corpus, whose laboratory has ended and is found beside the hospital."""
    say_ended(monkeypatch, LAB)

    def propose(limits=None, strengths=(0.7, 0.9)):
        found = zip((HOSPITAL, LAB), strengths, strict=True)
        links = tuple(sorted((Link(i, p, ()) for i, p in found), key=lambda k: -k.probability))
        monkeypatch.setattr(proposal, "links_of", lambda *_, **__: links)
        part = Part("p1", "Kuka mittaa unta?")
        case = case_of(parts=(part,), limits=limits or Limits())
        return proposal.propose(case, small_matcher, today=DAY)

    return propose


def test_who_has_ended_is_chosen_only_where_nobody_else_covers_the_part(with_ended):
    assert with_ended().consortium == (HOSPITAL,)
    # Nor does a wished place bring it in, but the adviser may.
    there = Limits(preferred=("turku",), unwanted=())
    assert with_ended(there).consortium == (HOSPITAL,)
    assert LAB in with_ended(Limits(must=(LAB,))).consortium
    assert with_ended(strengths=(0.3, 0.9)).consortium == (LAB,)


def test_who_has_ended_is_marked_wherever_it_is_named(small_matcher, monkeypatch):
    say_ended(monkeypatch, HOSPITAL)
    work = work_on(case_of(limits=Limits(must=(HOSPITAL,))), small_matcher, (), today=DAY)
    assert HOSPITAL in work.partners
    for text in (proposal_to_text(work.proposal, work.corpus), make_markdown(work, ("fi",))):
        told = " ".join(text.replace("\\", "").split())
        assert "Oulun sairaala (päättynyt)" in told
    found = proposal_to_dict(work.proposal, work.steps, work.corpus)
    assert [p["ended"] for p in found["consortium"] if p["doc_id"] == HOSPITAL] == [True]
