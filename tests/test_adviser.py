"""From the text of a need to parts, partners and a shortlist."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
from corpus_files import SHIPPED
from fake_encoder import FakeEncoder
from sleep_case import DAY, NEED, case_of

from hytki_match.adviser import proposal
from hytki_match.adviser.alternatives import alternatives
from hytki_match.adviser.as_json import proposal_to_dict
from hytki_match.adviser.as_text import proposal_to_text
from hytki_match.adviser.candidates import links_of
from hytki_match.adviser.case import (
    MAX_NEED_CHARS,
    Alternative,
    Entry,
    Limits,
    Link,
    Part,
)
from hytki_match.adviser.choosing import Found, about_as_good, even_with, instance_of
from hytki_match.adviser.consortium import solve
from hytki_match.adviser.handover import make_markdown
from hytki_match.adviser.program import Program
from hytki_match.adviser.proposal import propose
from hytki_match.adviser.reading import read_need
from hytki_match.adviser.steps import maturity_parts, suggest_stage
from hytki_match.adviser.wording import advice, alternative_line, evidence_reason
from hytki_match.adviser.work import work_on
from hytki_match.corpus import check_corpus, load_corpus, load_stages
from hytki_match.errors import ConsortiumError, CorpusError, NeedError
from hytki_match.language.phrases import say

SCHEMA = Path(__file__).parent.parent / "hytki_match" / "adviser" / "shortlist.schema.json"


def test_a_part_is_read_in_the_light_of_its_need(small_matcher):
    part = Part("p1", "Joku tekisi sen puolestamme.")
    alone = replace(part, origin="adviser")
    need = "Haluamme mitata unta. Joku tekisi sen puolestamme."
    found = [
        propose(case_of(need=need, parts=(p,)), small_matcher, today=DAY).parts[0].links
        for p in (part, alone)
    ]
    assert found[0] != found[1]  # what the adviser writes stands alone


def test_a_part_that_tells_of_companies_asks_for_none(small_matcher):
    """It once found companies alone for a part that said who buys, and from whom only."""
    text = "Companies only buy through a hospital, so we need somebody who measures sleep."
    found = propose(case_of(need=text, parts=(Part("p1", text),)), small_matcher, today=DAY)
    assert "organisations/oulu-hospital" in [k.partner_id for k in found.parts[0].links]
    asked = Part("p1", "Only companies that measure sleep", origin="adviser")
    found = propose(case_of(need=text, parts=(asked,)), small_matcher, today=DAY)
    assert all(k.partner_id.startswith("companies/") for k in found.parts[0].links)


@pytest.mark.parametrize("best", [0.55, 0.69, 0.93])
def test_partners_are_told_apart_alike_wherever_they_stand(best):
    """As a share of the probability, 0.91 was as good as 0.93, and 0.66 not as good as 0.69."""
    odds = [share * best / (1 - best) for share in (1, 0.65, 0.55)]
    links = [Link(str(n), o / (1 + o), ()) for n, o in enumerate(odds)]
    assert [k.partner_id for k in about_as_good(links)] == ["0", "1"]


def test_nothing_but_certainty_is_as_good_as_certainty():
    assert even_with(1.0) == 1.0
    links = [Link("0", 1.0, ()), Link("1", 0.99, ())]
    assert [k.partner_id for k in about_as_good(links)] == ["0"]


def test_the_proposal_covers_parts_and_says_what_stays_open(small_matcher):
    part = Part("x", "Kvanttikoneiden jäähdytys")
    parts = (Part("p1", "Kuka mittaa unta?"), part)
    found = propose(case_of(parts=parts), small_matcher, today=DAY)
    assert found.consortium
    assert found.uncovered == ("x",)
    assert found.parts[0].covered_by
    assert {i.split("/")[0] for i in found.partners} <= {"organisations", "companies"}
    for link in found.parts[0].links:
        assert all(not e.doc_id.startswith("events/") for e in link.evidence)


@pytest.mark.parametrize(("probability", "covered"), [(0.35, False), (0.45, True)])
def test_a_partner_that_is_hardly_right_is_near_but_no_partner(
    small_matcher, monkeypatch, probability, covered
):
    """A part with nobody better than 0.36 once brought a partner into the set."""
    near = (Link("organisations/oulu-hospital", probability, ()),)
    monkeypatch.setattr(proposal, "links_of", lambda *_, **__: near)
    case = case_of(parts=(Part("p1", "Kuka mittaa unta?"),))
    found = propose(case, small_matcher, today=DAY)
    assert found.uncovered == (() if covered else ("p1",))
    assert found.consortium == (("organisations/oulu-hospital",) if covered else ())
    assert found.parts[0].links == near  # the adviser sees who comes nearest


def test_a_part_that_the_set_covers_less_well_names_who_would_be_stronger(small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=DAY)
    links = tuple(
        Link(f"organisations/{name}", strength, ())
        for name, strength in (("best", 0.8), ("near", 0.79), ("fair", 0.6), ("weak", 0.42))
    )
    found = Found(Part("p1", "Kuka mittaa unta?"), answer, links)

    def covered(*chosen, barred=()):
        ids = [f"organisations/{name}" for name in chosen]
        out = [f"organisations/{name}" for name in barred]
        part = proposal._part_proposal(found, ids, out, small_matcher.index.corpus)
        return [p.partition("/")[2] for p in (*part.covered_by, part.stronger)]

    assert covered("best", "fair") == ["best", ""]
    assert covered("near", "best") == ["best", "near", ""]
    assert covered("near") == ["near", ""]
    assert covered("fair", "weak") == ["fair", "best"]
    assert covered("weak") == [""]  # less than half of the best is too little
    assert covered("weak", barred=("best", "near")) == ["weak", "fair"]


def test_who_is_dropped_is_out_and_who_is_pinned_is_in(small_matcher):
    case = case_of()
    first = propose(case, small_matcher, today=DAY).consortium
    dropped = replace(case, limits=Limits(must_not=first[:1]))
    assert first[0] not in propose(dropped, small_matcher, today=DAY).consortium
    other = next(
        r.doc_id
        for r in small_matcher.index.corpus.records.values()
        if r.table == "organisations" and r.doc_id not in first
    )
    pinned = replace(case, limits=Limits(must=(other,)))
    assert other in propose(pinned, small_matcher, today=DAY).consortium


def test_limits_that_leave_nobody_are_said(small_matcher):
    ids = [r.doc_id for r in small_matcher.index.corpus.records.values() if r.table == "companies"]
    case = case_of(limits=Limits(must=tuple(ids[:2]), most=1))
    found = work_on(case, small_matcher, (), today=DAY)
    assert found.proposal.consortium is None
    text = proposal_to_text(found.proposal, found.corpus)
    assert text.startswith("Rajaukset sulkevat pois")
    assert proposal_to_dict(found.proposal, found.steps, found.corpus)["consortium"] is None


def test_a_set_that_is_not_proved_says_so_everywhere(small_matcher, monkeypatch):
    def says(work):
        found = proposal_to_dict(work.proposal, work.steps, work.corpus)
        texts = [
            found["summary"],
            proposal_to_text(work.proposal, work.corpus),
            *(make_markdown(work, (language,)) for language in ("fi", "en")),
        ]
        phrases = ("ettei parempaa ole", "none is better")
        proofs = {found["proved"], *(other["proved"] for other in found["alternatives"])}
        unbroken = [" ".join(text.split()) for text in texts]
        return {any(phrase in text for phrase in phrases) for text in unbroken}, proofs

    assert says(work_on(case_of(), small_matcher, (), today=DAY)) == ({False}, {True})

    def no_time(self, objective):
        raise ConsortiumError("out of time")

    monkeypatch.setattr(Program, "maximize", no_time)
    assert says(work_on(case_of(), small_matcher, (), today=DAY)) == ({True}, {False})


def test_where_researchers_are_asked_for_companies_count_less(small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=DAY)
    corpus = small_matcher.index.corpus
    plain, asked = (
        {k.partner_id: k.probability for k in links_of(answer, Limits(), corpus, researchers=r)}
        for r in (False, True)
    )
    lowered = {partner for partner, strength in asked.items() if strength < plain[partner]}
    assert lowered == {partner for partner in plain if partner.startswith("companies/")} != set()


def test_an_alternative_names_only_what_it_changes(small_matcher):
    work = work_on(case_of(), small_matcher, (), today=DAY)
    first, *others = work.proposal.consortium
    find = small_matcher.index.corpus.records
    stranger = next(r for r in find if r.startswith("organisations/") and r not in work.partners)

    def said(partners, **changes):
        found = Alternative("without", (first,), partners, **changes)
        return alternative_line(found, work.proposal, work.corpus, "en")

    name = {i: find[i].name.en for i in (first, stranger, *others)}
    title = f"If {name[first]} cannot take part: "
    assert said((stranger, *others)) == f"{title}{name[stranger]} instead."
    assert said((stranger,)) == f"{title}{name[stranger]} instead. Left out: {name[others[0]]}."
    assert said(tuple(others)) == f"{title}nobody is needed instead."
    assert said(()) == said(None) == f"{title}No set is possible under this condition."
    open_parts = ("p1", *work.proposal.uncovered)
    weaker = "the others in the set cover its share, too. Covered less well: part"
    assert said(tuple(others), weaker=("p1",)) == f"{title}{weaker} 1."
    assert said(tuple(others), weaker=("p1", "p2")) == f"{title}{weaker}s 1, 2."
    # Where a part is lost, somebody would be needed.
    lost = "nobody else covers it. Part 1 is left uncovered, too."
    assert said(tuple(others), uncovered=open_parts) == f"{title}{lost}"


def found_for(part_id, **strengths):
    links = tuple(Link(f"organisations/{name}", p, ()) for name, p in strengths.items())
    ordered = sorted(links, key=lambda link: -link.probability)
    return Found(Part(part_id, part_id), None, tuple(ordered))


def test_the_second_best_set_is_the_one_told_for_who_cannot_take_part(small_matcher):
    """One line once had the one university instead of a clinic, and the next line the other."""
    hospital, lab, sleepy = (
        "organisations/oulu-hospital",
        "organisations/turku-lab",
        "companies/sleepy",
    )
    corpus, case = small_matcher.index.corpus, case_of()
    links = tuple(Link(name, p, ()) for name, p in ((hospital, 0.95), (lab, 0.7), (sleepy, 0.6)))
    parts = (Found(Part("p1", "p1"), None, links),)
    best = solve(instance_of(case, parts, corpus))
    assert best.partners == (hospital,)
    second, without = alternatives(best, case, parts, corpus, ())
    assert second.partners == without.partners == (lab,)


def test_alternatives_do_not_contradict_the_proposal(small_matcher):
    """It once said that four partners are needed, and of the fourth that nobody is instead."""
    hospital, lab = "organisations/oulu-hospital", "organisations/turku-lab"
    corpus, case = small_matcher.index.corpus, case_of()
    parts = (
        found_for("p1", **{"oulu-hospital": 0.9, "turku-lab": 0.6}),
        found_for("p2", **{"turku-lab": 0.9}),
    )
    best = solve(instance_of(case, parts, corpus))
    assert best.partners == (hospital, lab)
    second, *without = alternatives(best, case, parts, corpus, ())
    assert (second.kind, second.partners, second.weaker) == ("second", (lab,), ("p1",))
    assert (without[0].partners, without[0].weaker) == ((lab,), ("p1",))
    assert (without[1].uncovered, without[1].weaker) == (("p2",), ())


def test_the_second_best_set_is_not_behind_one_without_a_partner(small_matcher):
    """Once no other set was possible, and yet another partner could stand in for the only one."""
    hospital, lab = "organisations/oulu-hospital", "organisations/turku-lab"
    corpus, case = small_matcher.index.corpus, case_of()

    def nearest(links):
        return tuple(k for k in links if k.partner_id == hospital) or tuple(links)

    parts = (
        replace(found_for("p1", **{"oulu-hospital": 0.7, "turku-lab": 0.69}), nearest=nearest),
    )
    best = solve(instance_of(case, parts, corpus))
    assert best.partners == (hospital,)
    second, without = alternatives(best, case, parts, corpus, ())
    assert (second.kind, second.about) == ("second", ())
    assert second.partners == without.partners == (lab,)


def test_a_need_that_says_almost_nothing_is_told_apart(small_matcher):
    def told(need):
        return advice(work_on(case_of(need=need), small_matcher, (), today=DAY).proposal, "fi")

    assert "Kysy yritykseltä" in told("Haluaisimme kehittää toimintaamme. Ottakaa yhteyttä.")
    assert told(NEED) == ""


def test_the_same_case_gives_the_same_json_which_keeps_its_schema(small_matcher):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    made = []
    for _ in range(2):
        work = work_on(case_of(), small_matcher, (), today=DAY, regions_only=[("oulu",)])
        made.append(proposal_to_dict(work.proposal, work.steps, work.corpus))
    assert made[0] == made[1]
    jsonschema.Draft202012Validator(schema).validate(made[0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(made[0] | {"surprise": 1})


def test_the_shortlist_keeps_the_order_of_the_adviser(small_matcher):
    case = case_of(
        need="Tarvitsemme unen mittausta. Etsimme sairaalan dataa. Kaipaamme 5G-verkkoa."
    )
    work = work_on(case, small_matcher, (), today=DAY)
    chosen = work.proposal.consortium
    assert work.partners == chosen
    turned = replace(case, shortlist=tuple(Entry(p) for p in reversed(chosen)))
    assert work_on(turned, small_matcher, (), today=DAY).partners == tuple(reversed(chosen))


def test_weak_maturity_asks_for_parts_once():
    case = case_of(maturity={"data": 20, "green": 80, "people": 39}, parts=())
    found = maturity_parts(case)
    assert [part.part_id for part in found] == ["m-people", "m-data"]
    assert maturity_parts(replace(case, parts=found)) == ()


def test_the_shipped_stages_are_sound_and_suggested_from_the_text():
    stages = load_stages(SHIPPED, load_corpus(SHIPPED))
    assert [s.stage_id for s in stages] == ["ideate", "implement", "inspect", "institutionalize"]
    encoder = FakeEncoder()
    assert suggest_stage(["Tarvitsemme puolueetonta näyttöä"], stages, encoder) == "inspect"
    assert (
        suggest_stage(["We need export and growth funding"], stages, encoder) == "institutionalize"
    )
    assert suggest_stage([], stages, encoder) is None


def test_a_mistake_in_the_stages_is_found_and_a_corpus_may_lack_them(corpus):
    assert load_stages(corpus, load_corpus(corpus)) == ()
    text = (SHIPPED / "stages.csv").read_text(encoding="utf-8")
    (corpus / "stages.csv").write_text(
        text.replace("co-creation", "co-destruction"), encoding="utf-8"
    )
    assert any(f.table == "stages" and f.column == "topics" for f in check_corpus(corpus))
    with pytest.raises(CorpusError):
        load_stages(corpus, load_corpus(corpus))


def docx_of(*paragraphs):
    import docx

    document, out = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def test_a_need_is_read_from_text_word_and_pdf():
    from fpdf import FPDF

    assert read_need("a.TXT", "\ufeffTarve  on\r\ntämä".encode()) == "Tarve on\ntämä"
    assert read_need("a.txt", "Tarve ä".encode("utf-16")) == "Tarve ä"
    assert read_need("a.docx", docx_of("Tarve on", "tämä.")) == "Tarve on\ntämä."
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.multi_cell(60, text="We need somebody who measures sleep in ordinary homes.")
    assert read_need("a.pdf", bytes(pdf.output())) == (
        "We need somebody who measures sleep in ordinary homes."
    )


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.exe", b"x", "cannot be read"),
        ("a.txt", b"\xe4\xe4", "not UTF-8"),
        ("a.txt", b" \n ", "no text"),
        ("a.txt", b"xy " * MAX_NEED_CHARS, "characters"),
        ("a.txt", b"x" * 2_000_001, "MB"),
        ("a.docx", b"PK not a zip", "no Word document"),
        ("a.pdf", b"%PDF-1.4 broken", "no readable PDF"),
    ],
)
def test_a_file_that_is_no_need_is_refused_with_the_reason(name, data, problem):
    with pytest.raises(NeedError, match=problem) as caught:
        read_need(name, data)
    # The page says why in both languages; on a Finnish one the reason was missing.
    for language in ("fi", "en"):
        why = say(f"error.need_{caught.value.reason}", language, **caught.value.facts)
        assert why and "{" not in why


def test_a_word_document_that_grows_when_unpacked_is_refused():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 40_000_000)
    with pytest.raises(NeedError, match="too large inside"):
        read_need("bomb.docx", out.getvalue())


def test_cases_are_counted_as_the_documentation_says(small_matcher):
    from hytki_match.evaluation.adviser_cases import case_shares, found_parts, smallest_set
    from hytki_match.evaluation.questions import CasePart

    text = "Tarvitsemme unen mittausta. Etsimme kvanttikoneiden jäähdytystä."
    found = propose(case_of(need=text), small_matcher).consortium
    parts = [
        CasePart("K1", "fi", text, 1, "unen mittausta", (*found, "tools/x")),
        CasePart("K1", "fi", text, 2, "kvanttikoneiden jäähdytystä", ("companies/cold",)),
    ]
    shares = {group: str(share) for group, share in case_shares(small_matcher, parts).items()}
    assert shares == {
        "all": "1 of 2",
        "fi": "1 of 2",
        "by name": "1 of 2",
        "parts found": "2 of 2",
        "size within one of the optimum": "1 of 1",
    }
    assert smallest_set(parts) == 2
    assert smallest_set([replace(parts[0], acceptable=("tools/x",))]) is None
    assert found_parts(parts, ["unen mittausta"], FakeEncoder()) == 1
    assert found_parts(parts, [], FakeEncoder()) == 0
    assert case_shares(small_matcher, []) == {}


def test_one_topic_and_several_are_said_as_such():
    corpus = load_corpus(SHIPPED)
    one, other = list(corpus.topics)[:2]
    for topics, words, said in (
        ((one,), ("data",), ["Matching word: ", "Topic: "]),
        ((one, other), ("a", "b"), ["Matching words: ", "Topics: "]),
    ):
        reason = SimpleNamespace(words=words, topics=topics, sentence="")
        line = evidence_reason(SimpleNamespace(reason=reason), corpus, "en")
        assert all(beginning in line for beginning in said)
