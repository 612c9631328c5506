"""Whom a proposal does not name: rivals, whom the adviser left out; and what it says openly."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from sleep_case import DAY, case_of

from hytki_match.adviser import proposal
from hytki_match.adviser.as_json import proposal_to_dict
from hytki_match.adviser.as_text import proposal_to_text
from hytki_match.adviser.case import Limits, Link, Part
from hytki_match.adviser.choosing import Found
from hytki_match.adviser.handover import make_markdown, make_xlsx
from hytki_match.adviser.wishes import nearest_first
from hytki_match.adviser.wording import covering_name
from hytki_match.adviser.wording_where import elsewhere_line
from hytki_match.adviser.work import work_on


def xlsx_text(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)


@pytest.mark.parametrize(
    "refusal",
    [
        "Emme halua mukaan kilpailevia sormusten valmistajia.",
        "No competitors who make rings, please.",
        "Please do not suggest other ring makers.",
        "We want no competitors.",
    ],
)
def test_who_wants_no_rivals_is_proposed_none(small_matcher, monkeypatch, refusal):
    sleepy = "companies/sleepy"
    monkeypatch.setattr(small_matcher.encoder, "name", "bundled", raising=False)
    monkeypatch.setattr("hytki_match.adviser.splitting.need_probabilities", lambda *_: None)
    made = "Teemme sormusta, joka mittaa unta ja palautumista."
    need = f"{made} Etsimme jonkun, joka mittaa unta. {refusal}"
    work = work_on(case_of(need=need), small_matcher, (), today=DAY)
    assert sleepy not in work.proposal.partners
    assert work.proposal.rivals == (sleepy,)
    told = "Tekstissä ei haluta kilpailijoita, joten näitä ei ehdoteta: Sleepy Oy."
    for text in (proposal_to_text(work.proposal, work.corpus), make_markdown(work, ("fi",))):
        assert told in " ".join(text.split())
    found = proposal_to_dict(work.proposal, work.steps, work.corpus)["refused"]
    assert (found["rivals"], found["not_applied"]) == ([sleepy], [])
    # Whom the adviser pins is welcome all the same.
    pinned = case_of(need=need, limits=Limits(must=(sleepy,)))
    assert sleepy in work_on(pinned, small_matcher, (), today=DAY).proposal.consortium


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("Emme halua konsultteja.", True),
        ("Please do not suggest resellers.", True),
        ("No hardware manufacturers.", True),
        ("Jälleenmyyjiä ei tarvita.", True),
        ("Emme halua valmistaa laitetta itse.", False),
        ("No manufacturer has answered us.", False),
        ("Emme ole löytäneet konsulttia.", False),
        ("Our competitors do not share data.", False),
        ("Emme etsi valmistajaa Turusta.", False),
    ],
)
def test_a_refusal_that_cannot_be_applied_is_told(small_matcher, sentence, is_told):
    need = f"Etsimme jonkun, joka mittaa unta. {sentence}"
    work = work_on(case_of(need=need), small_matcher, (), today=DAY)
    assert work.proposal.not_applied == ((sentence,) if is_told else ())
    text = " ".join(proposal_to_text(work.proposal, work.corpus).split())
    assert ("Tätä ei osattu ottaa huomioon" in text) == is_told


def test_whom_the_adviser_left_out_is_named_nowhere(small_matcher):
    lab = "organisations/turku-lab"
    case = case_of(limits=Limits(must_not=(lab,), preferred=(), unwanted=()))
    free, work = (
        work_on(c, small_matcher, (), today=DAY)
        for c in (replace(case, limits=replace(case.limits, must_not=())), case)
    )
    corpus = work.corpus
    name = corpus.records[lab].name.fi
    own = [c for c in corpus.contacts.values() if c.organisation_id == "turku-lab"]
    assert any(c.doc_id in part.contacts for c in own for part in free.proposal.parts)
    assert not any(c.doc_id in part.contacts for c in own for part in work.proposal.parts)
    assert lab in free.proposal.partners and lab not in work.proposal.partners
    for text in (
        proposal_to_text(work.proposal, corpus),
        make_markdown(work, ("fi",)),
        xlsx_text(make_xlsx(work, ("fi",))),
    ):
        assert name not in text


def test_who_is_far_better_elsewhere_is_told(small_matcher):
    """A wish for Turku put a partner with 49 % before one with 81 %, without a word."""
    corpus = small_matcher.index.corpus
    hospital, lab = "organisations/oulu-hospital", "organisations/turku-lab"
    for strength, is_told in ((0.6, True), (0.8, False)):
        links = (Link(hospital, 0.9, ()), Link(lab, strength, ()))
        found = Found(
            Part("p1", "Etsimme dataa."),
            small_matcher.match("dataa", today=DAY),
            links,
            preferred=("turku",),
            nearest=lambda links: nearest_first(links, ("turku",), (), corpus),
        )
        part = proposal._part_proposal(found, (lab,), (), corpus)
        assert (part.covered_by, part.better) == ((lab,), hospital if is_told else "")
        said = "Paremmin sopisi Oulun sairaala (Oulu), 90\u00a0%."
        assert elsewhere_line(part, corpus, "fi") == (said if is_told else "")


def test_who_is_unsure_is_to_be_checked_first_everywhere(small_matcher, monkeypatch):
    monkeypatch.setattr("hytki_match.adviser.wording.SURE", 1.0)
    work = work_on(case_of(), small_matcher, (), today=DAY)
    part = next(part for part in work.proposal.parts if part.covered_by)
    text = proposal_to_text(work.proposal, work.corpus)
    assert text.count("(varmista ensin)") == sum(len(p.covered_by) for p in work.proposal.parts)
    named = covering_name(part.covered_by[0], part, work.corpus, "fi")
    assert named.endswith("(varmista ensin)")
    found = proposal_to_dict(work.proposal, work.steps, work.corpus)["parts"]
    assert all(k["check_first"] == k["covers"] for p in found for k in p["partners"])


@pytest.mark.parametrize(
    ("greeting", "is_one"),
    [
        ("Hei!", True),
        ("Hei vaan Kuusamosta!", True),
        ("Moi, täällä Aino Hangosta.", True),
        ("Dear advisers,", True),
        ("Terveisin Aino Esimerkki", True),
        ("Kiitos jo etukäteen!", True),
        ("Thank you for reading this.", True),
        ("Best regards, Aino", True),
        ("Hi, we run a bakery in Hanko.", False),
        ("Terve sydän on meille tärkeä.", False),
        ("Thanks to a grant the prototype is ready.", False),
        ("Kiitos rahoituksen prototyyppi on nyt valmis ja se toimii hyvin.", False),
    ],
)
def test_greetings_are_no_sentences_that_were_left_out(small_matcher, greeting, is_one):
    need = f"Etsimme jonkun, joka mittaa unta.\n{greeting}"
    left_out = work_on(case_of(need=need), small_matcher, (), today=DAY).proposal.left_out
    assert left_out == (() if is_one else (greeting,))
