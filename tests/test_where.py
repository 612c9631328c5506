"""Where a text wants its partners to be, told from where the company itself is."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sleep_case import DAY, case_of

from hytki_match.adviser.as_json import proposal_to_dict
from hytki_match.adviser.as_text import proposal_to_text
from hytki_match.adviser.case import Case, Limits, Part
from hytki_match.adviser.codec import case_from_dict, case_to_dict
from hytki_match.adviser.handover import make_markdown
from hytki_match.adviser.preparing import read_again, with_parts
from hytki_match.adviser.proposal import propose
from hytki_match.adviser.splitting import split_need
from hytki_match.adviser.where import read_wishes, without_wishes
from hytki_match.adviser.wishes import between_equals, preferred_for, with_regions
from hytki_match.adviser.work import work_on
from hytki_match.web import desk_limits

DATA = Path(__file__).parent / "data" / "desk"
TOLD = Path(__file__).parent.parent / "training" / "questions" / "told.jsonl"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("regions_sentences.csv"), ids=lambda row: row["text"][:40])
def test_a_sentence_tells_where_partners_are_wanted(row):
    found = read_wishes(row["text"])
    assert ";".join(found.wanted) == row["preferred"]
    assert ";".join(found.unwanted) == row["unwanted"]


@pytest.mark.parametrize("row", rows("regions.csv"), ids=lambda row: row["case_id"])
def test_a_need_tells_where_partners_are_wanted(row):
    found = read_wishes(row["need_text"])
    assert sorted(found.wanted) == sorted(filter(None, row["preferred"].split(";")))
    assert sorted(found.unwanted) == sorted(filter(None, row["unwanted"].split(";")))


def test_where_a_company_is_or_was_is_no_wish():
    """450 labelled texts name a place in 226 sentences; one of them wishes for it (Joensuu)."""
    lines = TOLD.read_text(encoding="utf-8").splitlines()
    sentences = [s for line in lines for s, _ in json.loads(line)["sentences"]]
    found = [read_wishes(sentence) for sentence in sentences]
    assert not any(wish.wanted or wish.unwanted for wish in found)
    assert [wish.outside for wish in found if wish.outside] == [("Joensuu",)]


def test_a_sentence_that_only_says_where_is_no_part(small_matcher):
    need = "Tarvitsemme unen mittausta. Mieluiten Oulusta. Emme etsi kumppania Turusta."
    assert split_need(need, "fi", small_matcher.encoder) == split_need(
        "Tarvitsemme unen mittausta.", "fi", small_matcher.encoder
    )
    alone = "Etsimme kumppaneita Oulusta."
    assert split_need(alone, "fi", small_matcher.encoder).parts == (alone,)


@pytest.mark.parametrize(
    "where",
    [
        "Kumppanit mielellään Turun seudulta niin pääsee autolla.",
        "We'd rather work with people in Kuopio. Oulu is ok as well.",
        "Kuopio is ok, Jyväskylä would be better.",
        "Turun kanssa emme tee yhteistyötä.",
        "Kajaaniin on meiltä liian pitkä matka.",
        "Kainuusta meillä on jo riittävästi kumppaneita, joten etsimme muualta.",
        "We know Turku already and look elsewhere.",
        "Neither Turku nor Kuopio works for us.",
        "Nothing in Kainuu please.",
        "Kumppanien täytyy löytyä Kuopiosta tai Kainuusta, sillä avaamme sinne toimiston.",
        "Kumppanin pitäisi olla Turusta; Jyväskylästä emme kaipaa ketään, siellä on jo tuttuja.",
        "Turku olis kiva ku siel on satama, Tampereelle ei tarvi ketään.",
        "Partners must be in Turku, as we open an office there; from Kuopio we want no one.",
        "Partners near Oulu would be nice because of the airport, and please nobody from Turku.",
        "Kuopiosta tunnemme jo kaikki.",
        "Asumme Turussa, joten joku lähistöltä olisi mieluisa.",
        "Kainuusta löytyvä kumppani olisi luonteva, mutta muualtakin käy.",
        "Kumppanit Kainuusta, jos vain mahdollista.",
        "Olemme Mikkelistä.",
        "Olemme pieni yritys Torniosta.",
        "We are a small company in Oulu.",
    ],
)
def test_a_sentence_about_places_is_no_part(where, small_matcher):
    need = "Unen mittausta kotona."
    assert split_need(f"{need} {where}", "fi", small_matcher.encoder).parts == (need,)


def test_who_only_introduces_himself_needs_nothing(small_matcher):
    for text in ("Olemme Mikkelistä.", "We are a small company in Oulu."):
        assert split_need(text, "fi", small_matcher.encoder).parts == ()


def test_places_that_are_wished_for_do_not_weigh_as_words():
    text = (
        "Olemme Turusta. Kuopion tai Oulun seudulta haetaan koodaria. We need a lab in Oulu, too."
    )
    assert without_wishes(text) == "Olemme Turusta. haetaan koodaria. We need a lab, too."


def need_of(wish, **changes):
    return case_of(need=f"Etsimme sairaalan dataa tutkimukseen. {wish}", **changes)


def regions_of(found, corpus):
    return {region for p in found.consortium for region in corpus.records[p].region_ids}


def test_partners_come_from_where_they_are_wished_for(small_matcher):
    corpus = small_matcher.index.corpus
    free = propose(need_of(""), small_matcher, today=DAY)
    assert free.case.limits.preferred == () and free.case.limits.unwanted == ()
    there = propose(need_of("Mieluiten Turusta."), small_matcher, today=DAY)
    assert there.case.limits.preferred == ("turku",)
    assert regions_of(there, corpus) == {"turku"} != regions_of(free, corpus)
    # Who is stronger elsewhere is still shown.
    assert {k.partner_id for k in free.parts[0].links} <= {
        k.partner_id for k in there.parts[0].links
    }


def test_where_nobody_may_be_nobody_is(small_matcher):
    (before, *_) = propose(need_of(""), small_matcher, today=DAY).consortium
    (region,) = small_matcher.index.corpus.records[before].region_ids
    wish = {"oulu": "Emme etsi kumppania Oulusta.", "turku": "Emme etsi kumppania Turusta."}[region]
    found = propose(need_of(wish), small_matcher, today=DAY)
    assert found.case.limits.unwanted == (region,)
    assert all(
        region not in small_matcher.index.corpus.records[k.partner_id].region_ids
        for k in found.parts[0].links
    )


def test_what_nobody_there_does_is_said(small_matcher):
    work = work_on(need_of("Mieluiten Kuopiosta."), small_matcher, (), today=DAY)
    assert work.proposal.consortium
    said = "Kukaan Kuopiosta ei kata tätä osaa, joten ehdotus on muualta."
    for text in (
        proposal_to_text(work.proposal, work.corpus),
        make_markdown(work, ("fi",)),
    ):
        assert "Kumppaneita toivotaan Kuopiosta." in " ".join(text.split())
        assert said in " ".join(text.split())
    found = proposal_to_dict(work.proposal, work.steps, work.corpus)
    assert found["wishes"] == "Kumppaneita toivotaan Kuopiosta."
    assert found["parts"][0]["preferred"] == ["kuopio"]
    assert found["parts"][0]["elsewhere"].startswith(said)


def test_a_place_that_no_region_holds_is_said(small_matcher):
    work = work_on(need_of("Etsimme kumppania Seinäjoelta."), small_matcher, (), today=DAY)
    text = proposal_to_text(work.proposal, work.corpus)
    assert "Aineisto ei kata toivottua paikkaa (Seinäjoki)." in " ".join(text.split())


def test_what_the_adviser_says_stays(small_matcher):
    wish = "Mieluiten Turusta, ei Kuopiosta."
    for limits, preferred, unwanted in (
        (Limits(), ("turku",), ("kuopio",)),
        (Limits(preferred=()), (), ("kuopio",)),
        (Limits(preferred=("kuopio",)), ("kuopio",), ()),
        (Limits(preferred=(), unwanted=()), (), ()),
        (Limits(regions=("oulu",)), (), ("kuopio",)),
    ):
        found = with_parts(need_of(wish, limits=limits), small_matcher).limits
        assert (found.preferred, found.unwanted) == (preferred, unwanted), limits
    away = need_of(wish, limits=Limits(preferred=(), unwanted=()))
    free = propose(need_of(""), small_matcher, today=DAY)
    assert propose(away, small_matcher, today=DAY).consortium == free.consortium


def test_where_the_adviser_wants_nobody_is_no_wish_any_more(small_matcher):
    for wish in ("Mieluiten Turusta.", "Etsimme sairaalan dataa Turusta."):
        case = need_of(wish, limits=Limits(unwanted=("turku",)))
        found = propose(case, small_matcher, today=DAY)
        assert found.case.limits.preferred == (), wish
        assert not any(part.preferred for part in found.parts), wish
        text = " ".join(proposal_to_text(found, small_matcher.index.corpus).split())
        assert "Kumppaneita toivotaan" not in text, wish
        assert "Kumppaneita ei haluta Turusta." in text, wish
    stored = need_of("", limits=Limits(preferred=("turku",), unwanted=("turku",)))
    assert with_parts(stored, small_matcher).limits.preferred == ()
    part = Part("a1", "Etsimme dataa Turusta.", origin="adviser")
    case = need_of("", parts=(part,), limits=Limits(preferred=(), unwanted=("turku",)))
    assert preferred_for(part, case) == ()


def test_a_part_that_names_its_place_has_it_for_itself():
    texts = ("Tarvitsemme sairaalan Oulusta.", "Etsimme kehittäjää Turusta.", "Rahoitus puuttuu.")
    parts = tuple(Part(f"p{n}", text) for n, text in enumerate(texts))
    case = Case("", "", " ".join(texts), parts=parts, limits=Limits(preferred=("oulu", "turku")))
    assert [preferred_for(p, case) for p in parts] == [("oulu",), ("turku",), ()]
    # What is said of all partners holds for the others, and what the adviser adds.
    case = replace(case, limits=Limits(preferred=("oulu", "turku", "kainuu")))
    assert preferred_for(parts[2], case) == ("kainuu",)
    case = replace(case, need=f"{case.need} Mieluiten Oulusta.")
    assert preferred_for(parts[2], case) == ("oulu", "kainuu")
    case = replace(case, limits=Limits(regions=("turku",), preferred=("oulu", "turku")))
    assert [preferred_for(p, case) for p in parts] == [(), ("turku",), ()]


@pytest.mark.parametrize(
    ("wish", "regions"),
    [
        (
            "For the pilot we would prefer Turku or, failing that, Kuopio. "
            "For everything else location does not matter.",
            ("turku", "kuopio"),
        ),
        ("Sairaalapilotti mieluiten Oulussa, muut kumppanit missä vain.", ("oulu",)),
        ("Pilotti mieluiten Oulussa. Muiden sijainnilla ei ole väliä.", ("oulu",)),
        ("The pilot preferably in Turku; the others can be anywhere.", ("turku",)),
    ],
)
def test_where_the_others_may_be_anywhere_one_part_has_the_wish(wish, regions, small_matcher):
    pilot = Part("p1", "A ward to pilot the device.")
    rest = (Part("p2", "Funding for growth."), Part("p3", "Kieliversiot puuttuvat."))
    case = Case("", "", wish, parts=(pilot, *rest), limits=Limits(preferred=regions))
    assert preferred_for(pilot, case) == regions
    assert [preferred_for(part, case) for part in rest] == [(), ()]
    assert between_equals(case) == ()
    # Where no part names it, the wish decides between equals, which is said.
    case = replace(case, parts=rest)
    assert between_equals(case) == regions
    text = proposal_to_text(propose(case, small_matcher, today=DAY), small_matcher.index.corpus)
    assert "toive ratkaisee vain tasavahvojen välillä" in " ".join(text.split())


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ("Mieluiten testaus pidettäisiin Kuopiossa, koska sinne pääsee junalla.", ["p1"]),
        ("Ideally the ward is in Kuopio; for everything else location does not matter.", ["p2"]),
        ("Osasto mieluiten Kuopiossa, muuten paikalla ei ole väliä.", ["p2"]),
        ("Mieluiten Kuopiosta.", ["p1", "p2", "p3"]),
    ],
)
def test_a_wish_holds_for_the_part_whose_thing_it_names(wish, named, small_matcher):
    texts = (
        "Tarvitsemme testausta potilailla.",
        "We need a ward or osasto for patients.",
        "Etsimme wardrobe-osaajaa.",
    )
    need = f"{' '.join(texts)} {wish}"
    parts = tuple(Part(f"p{n}", text) for n, text in enumerate(texts, start=1))
    case = Case("", "", need, parts=parts, limits=Limits(preferred=("kuopio",)))
    assert [p.part_id for p in parts if preferred_for(p, case) == ("kuopio",)] == named
    assert wish not in split_need(need, "fi", small_matcher.encoder).parts
    # Where no part names it, it holds for all, unless the others may be anywhere.
    rest = replace(case, parts=parts[2:])
    assert bool(preferred_for(parts[2], rest)) != bool(between_equals(rest))


def test_where_elsewhere_is_fine_too_a_wish_decides_between_equals_only(small_matcher):
    for wish in (
        "Kumppani Turusta olisi kiva, mutta muualtakin käy.",
        "Mieluiten Turusta. Muualtakin käy.",
    ):
        found = propose(need_of(wish), small_matcher, today=DAY)
        assert found.case.limits.preferred == ("turku",)
        assert [part.preferred for part in found.parts] == [()], wish
        text = " ".join(proposal_to_text(found, small_matcher.index.corpus).split())
        assert "Mieluiten Turusta, mutta muualtakin käy" in text, wish
    # What the adviser has set is a wish, whatever the text says.
    case = need_of(wish, limits=Limits(preferred=("turku",), by_hand=("preferred",)))
    assert propose(case, small_matcher, today=DAY).parts[0].preferred == ("turku",)


def test_the_rest_anywhere_is_no_part(small_matcher):
    need = "Unen mittausta kotona."
    for text in (
        f"{need} Mieluiten Oulusta. For everything else location does not matter.",
        # Nor is what only says where a thing should be that is asked for beside.
        f"{need} Mittaus mieluiten Oulussa, muut kumppanit missä vain.",
    ):
        assert split_need(text, "fi", small_matcher.encoder).parts == (need,), text


def test_what_the_adviser_writes_into_a_part_holds(small_matcher):
    text = "Etsimme sairaalan dataa tutkimukseen"
    for part, limits, preferred in (
        (Part("a1", f"{text} Turusta.", origin="adviser"), Limits(preferred=()), ("turku",)),
        (Part("p1", f"{text} Turusta."), Limits(preferred=()), ("turku",)),  # edited
        (Part("p1", f"{text} Turusta."), Limits(), ("turku",)),  # stored before wishes were read
        (Part("p1", f"{text} Oulusta."), Limits(preferred=()), ()),  # taken away
    ):
        case = case_of(need="Mieluiten Oulusta.", parts=(part,), limits=limits)
        assert preferred_for(part, case) == preferred, part
    refusing = Part("a1", f"{text}. Emme etsi kumppania Oulusta.", origin="adviser")
    found = propose(case_of(parts=(refusing,)), small_matcher, today=DAY)
    assert found.consortium == ("organisations/turku-lab",)


def test_a_case_stored_before_there_were_wishes_is_read():
    case = case_of(limits=Limits(preferred=("oulu",)))
    document = case_to_dict(case)
    assert case_from_dict(document) == case
    for name in ("preferred", "unwanted", "by_hand"):
        del document["limits"][name]
    assert case_from_dict(document).limits == Limits()


@pytest.mark.parametrize(
    ("by_hand", "preferred", "unwanted"),
    [
        ((), ("turku",), ("kuopio",)),
        (("preferred",), (), ("kuopio",)),  # anywhere
        (("unwanted",), ("turku",), ("oulu",)),
        (("preferred", "unwanted"), (), ("oulu",)),
    ],
)
def test_what_was_set_by_hand_survives_another_reading(small_matcher, by_hand, preferred, unwanted):
    """“Split the text again” once took the text's regions in place of the adviser's."""
    limits = Limits(most=2, preferred=(), unwanted=("oulu",), by_hand=by_hand)
    own = Part("a1", "Kuka kouluttaa?", origin="adviser")
    parts = (Part("p1", "Etsimme muuta."), own)
    case = need_of("Mieluiten Turusta, ei Kuopiosta.", parts=parts, limits=limits)
    found = read_again(case, small_matcher)
    assert (found.limits.preferred, found.limits.unwanted) == (preferred, unwanted)
    assert (found.limits.most, found.limits.by_hand) == (2, by_hand)
    assert [part.text for part in found.parts] == [
        "Etsimme sairaalan dataa tutkimukseen.",
        own.text,
    ]


@pytest.mark.parametrize(
    ("name", "regions", "expected", "lost"),
    [
        ("unwanted", ["oulu"], (("turku",), ("oulu",), ()), ("oulu",)),
        ("preferred", ["kuopio", "turku"], (("kuopio", "turku"), (), ()), ("kuopio",)),
        ("regions", ["kuopio"], (("oulu", "turku"), (), ("kuopio",)), ("kuopio",)),
        ("preferred", [], ((), ("kuopio",), ()), ()),
    ],
)
def test_of_two_choices_that_contradict_the_later_one_wins(name, regions, expected, lost):
    limits = Limits(preferred=("oulu", "turku"), unwanted=("kuopio",))
    found, gone = with_regions(limits, name, regions)
    assert ((found.preferred, found.unwanted, found.regions), gone) == (expected, lost)
    # What has given way was decided by hand, too.
    touched = {"preferred": found.preferred, "unwanted": found.unwanted}
    changed = {wish for wish, now in touched.items() if now != getattr(limits, wish)}
    assert changed <= set(found.by_hand)


def test_who_wants_nobody_from_the_only_region_looks_in_the_others():
    found, gone = with_regions(Limits(regions=("oulu",)), "unwanted", ["oulu"])
    assert (found.regions, found.unwanted, gone) == ((), ("oulu",), ("oulu",))


def test_the_page_keeps_what_was_chosen_by_hand_and_says_what_gave_way():
    state, saved = {}, []
    desk = SimpleNamespace(case=need_of("", limits=Limits(preferred=("oulu",), unwanted=())))
    desk.change = lambda **values: saved.append(("change", values["limits"]))
    desk.rearrange = lambda **values: saved.append(("rearrange", values["limits"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk_limits.st, "session_state", state)
        desk_limits._limit(desk, "unwanted", ["oulu"])
        desk_limits._limit(desk, "preferred", ["turku"])
        desk_limits._limit(desk, "most", 3)
    # Other widgets are drawn anew only where the choice has changed what they show.
    assert [how for how, _ in saved] == ["rearrange", "change", "change"]
    assert saved[0][1].by_hand == ("preferred", "unwanted") and saved[0][1].preferred == ()
    assert saved[1][1].by_hand == ("preferred",) and saved[2][1].by_hand == ()
    assert state["desk_lost_regions"] == ("preferred", ())
