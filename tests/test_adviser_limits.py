"""What a proposal does not claim: parts that nobody serves, what is refused, private and old."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from sleep_case import DAY, case_of

from hytki_match.adviser import proposal
from hytki_match.adviser.as_json import proposal_to_dict
from hytki_match.adviser.as_text import proposal_to_text
from hytki_match.adviser.case import Limits, Link, Part
from hytki_match.adviser.handover import mail_drafts, make_markdown
from hytki_match.adviser.proposal import propose
from hytki_match.adviser.unserved import unserved
from hytki_match.adviser.wording import nearest_line
from hytki_match.adviser.wording_where import elsewhere_line
from hytki_match.adviser.work import work_on


def told_unserved(*answerable):
    """Tell which parts nobody serves, by how probably the corpus answers each; None: no answer."""
    answers = [
        SimpleNamespace(query=p, resources=[SimpleNamespace(hit=None)] if p is not None else [])
        for p in answerable
    ]
    return unserved(answers, SimpleNamespace(answerable=lambda query, hits: query))


def test_what_nobody_serves_is_told_by_its_words_and_by_the_other_parts():
    assert told_unserved(0.3) == (True,)
    assert told_unserved(0.99, 0.99, 0.6) == (False, False, False)
    assert told_unserved(0.3, 0.1, 0.8) == (True, True, True)
    assert told_unserved(0.0, 1.0, 1.0) == (True, False, False)
    assert told_unserved(None, 0.99) == (
        False,
        False,
    )  # a command says nothing about the other part
    assert told_unserved(None) == (False,) and told_unserved() == ()


def test_a_part_that_nobody_serves_stays_open_and_says_so(small_matcher, monkeypatch):
    monkeypatch.setattr(small_matcher, "answerable", lambda query, hits: 0.1)
    work = work_on(case_of(), small_matcher, (), today=DAY)
    assert work.proposal.consortium == ()
    assert len(work.proposal.uncovered) == len(work.proposal.parts) > 0
    assert all(part.links for part in work.proposal.parts)  # the adviser may still look
    for text in (
        proposal_to_text(work.proposal, work.corpus),
        make_markdown(work, ("fi",)),
    ):
        assert "Aineistosta ei löytynyt ketään, joka tekisi tätä." in " ".join(text.split())
        assert "Lähimmät" not in text
    assert all(
        p["unserved"] for p in proposal_to_dict(work.proposal, work.steps, work.corpus)["parts"]
    )


def test_what_was_not_taken_as_a_need_is_listed(small_matcher):
    work = work_on(case_of(), small_matcher, (), today=DAY)
    found = proposal_to_dict(work.proposal, work.steps, work.corpus)
    left = ["Olemme pieni yritys ja haluamme auttaa nukkumaan.", "Laite on valmis."]
    assert found["left_out"] == left
    text = proposal_to_text(work.proposal, work.corpus)
    assert "TEKSTISTÄ JÄTETTIIN POIS\n* Olemme pieni" in text
    # What the adviser puts back is no longer left out.
    back = case_of(parts=(Part("p1", left[1], origin="adviser"),))
    assert left[1] not in propose(back, small_matcher, today=DAY).left_out


def test_no_address_or_number_of_a_private_mail_goes_on(small_matcher):
    need = (
        "Hei! Marja (marja@uni.example, p. 040 123 4567) sanoi, että tarvitsemme unen mittausta. "
        "Etsimme myös sairaalan dataa, soittakaa 050 765 4321."
    )
    work = work_on(case_of(need=need), small_matcher, (), today=DAY)
    assert work.case.parts[0].text.startswith("Marja sanoi")
    mails = "".join(draft.body for draft in mail_drafts(work, "fi"))
    for text in (make_markdown(work, ("fi",)), mails):
        assert "mittausta" in text
        assert not any(private in text for private in ("marja@", "123 4567", "765 4321"))


def test_a_place_that_is_refused_does_not_draw_partners(small_matcher):
    text = "Tarvitsemme unen mittausta."
    needs = [f"{text} Laite on valmis. {more}" for more in ("", "Oulusta emme etsi ketään.")]
    links = [
        propose(case_of(need=need, parts=(Part("p1", text),)), small_matcher, today=DAY)
        for need in needs
    ]
    assert links[0].parts[0].links == links[1].parts[0].links


def test_a_contact_of_long_ago_is_to_be_checked(small_matcher):
    """The desk of the laboratory is of February 2024: old from 2026-02-02, not a day before."""
    lab, hospital = "organisations/turku-lab", "organisations/oulu-hospital"
    needs = case_of(limits=Limits(must=(lab,), must_not=(hospital,)))
    old, fresh = (
        work_on(needs, small_matcher, (), today=day)
        for day in (date(2026, 6, 1), date(2026, 1, 15))
    )
    for work, is_told in ((old, True), (fresh, False)):
        text = proposal_to_text(work.proposal, work.corpus, today=work.today.isoformat())
        for found in (text, make_markdown(work, ("fi",))):
            assert ("(tarkista, vuodelta 2024)" in " ".join(found.split())) == is_told


def test_who_makes_the_same_is_proposed_and_told(small_matcher, monkeypatch):
    """A maker of a ring for sleep was once proposed to another one without a word."""
    told = "Tekee itse samankaltaista kuin yritys: kysy ensin, sopiiko kumppaniksi."
    need = "Teemme sormusta, joka mittaa unta ja palautumista. Etsimme jonkun, joka mittaa unta."
    for name, is_told in (("bundled", True), ("fake", False)):
        monkeypatch.setattr(small_matcher.encoder, "name", name, raising=False)
        monkeypatch.setattr("hytki_match.adviser.splitting.need_probabilities", lambda *_: None)
        work = work_on(case_of(need=need), small_matcher, (), today=DAY)
        alike = [k.partner_id for k in work.proposal.parts[0].links if k.makes_alike]
        assert alike == (["companies/sleepy"] if is_told else [])
        for text in (
            proposal_to_text(work.proposal, work.corpus),
            make_markdown(work, ("fi",)),
        ):
            assert (told in " ".join(text.split())) == is_told


FULL = (
    Part("p1", "Tarvitsemme unen mittausta.", weight=2),
    Part("p2", "Etsimme synteettistä dataa."),
)


def told(case, matcher):
    """Return what the desk says of a case: its headline, and every text that goes out."""
    work = work_on(case, matcher, (), today=DAY)
    texts = (proposal_to_text(work.proposal, work.corpus), make_markdown(work, ("fi",)))
    return work.proposal, [" ".join(text.split()) for text in texts]


@pytest.mark.parametrize("preferred", [(), ("turku",)])
def test_where_the_limit_of_partners_leaves_a_part_open_that_is_said(small_matcher, preferred):
    """It was once said that nobody in Turku covers it, and the headline did not name the limit."""
    limits = Limits(most=1, preferred=preferred, unwanted=())
    found, texts = told(case_of(parts=FULL, limits=limits), small_matcher)
    assert found.uncovered == ("p2",)
    assert found.parts[1].is_crowded_out and not found.parts[0].is_crowded_out
    why = "Osan voisi kattaa: Turun datalaboratorio. Kumppanien enimmäismäärä ei riitä siihen."
    for text in texts:
        assert "Kumppanien enimmäismäärä (1) jättää kattamatta osan 2, jolle olisi" in text
        assert why in text
        assert "Lähimmät" not in text
    assert elsewhere_line(found.parts[1], small_matcher.index.corpus, "fi") == ""
    for text in told(case_of(parts=FULL, limits=replace(limits, most=2)), small_matcher)[1]:
        assert "enimmäismäärä" not in text


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (
            Limits(must_not=("organisations/turku-lab",)),
            "Kukaan muu Turusta ei kata tätä osaa. Pois jätetty Turun datalaboratorio kattaisi "
            "sen.",
        ),
        (
            Limits(must=("organisations/oulu-hospital",)),
            "Toivotulta alueelta osan kattaisi Turun datalaboratorio, mutta kiinnitetty "
            "kumppani kattaa sen jo (Oulun sairaala).",
        ),
    ],
    ids=["dropped", "pinned"],
)
def test_why_nobody_of_a_wished_place_covers_a_part_is_the_true_reason(
    small_matcher, monkeypatch, limits, said
):
    links = (
        Link("organisations/oulu-hospital", 0.9 if limits.must else 0.3, ()),
        Link("organisations/turku-lab", 0.8, ()),
    )
    monkeypatch.setattr(proposal, "links_of", lambda *_, **__: links)
    limits = replace(limits, preferred=("turku",), unwanted=())
    found = propose(case_of(parts=FULL[1:], limits=limits), small_matcher, today=DAY)
    assert elsewhere_line(found.parts[0], small_matcher.index.corpus, "fi") == said


def test_who_was_left_out_is_not_named_as_the_nearest(small_matcher, monkeypatch):
    names = ("organisations/oulu-hospital", "organisations/turku-lab")
    links = tuple(Link(name, 0.3, ()) for name in names)
    monkeypatch.setattr(proposal, "links_of", lambda *_, **__: links)
    case = case_of(parts=FULL[:1], limits=Limits(must_not=names[:1]))
    found = propose(case, small_matcher, today=DAY)
    said = nearest_line(found.parts[0], found, small_matcher.index.corpus, "fi")
    assert said == "Lähimmät: Turun datalaboratorio"
