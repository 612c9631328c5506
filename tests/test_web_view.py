"""The web chat without a browser: templates, state, and the page as Streamlit draws it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from corpus_files import copy_small_corpus, edit_cell
from fake_encoder import FakeEncoder, fake_matcher

from hytki_match import errors
from hytki_match.answers import answer_to_text, ways_to
from hytki_match.errors import HytkiMatchError
from hytki_match.feedback import FeedbackStore
from hytki_match.index import build_index
from hytki_match.language.phrases import knows, say
from hytki_match.matching import Matcher
from hytki_match.records import LANGUAGES, Complement, Constraint, Reason, Text
from hytki_match.web.drawing import render
from hytki_match.web.geography import map_view
from hytki_match.web.page import EXAMPLES_PER_ROLE, ROLES
from hytki_match.web.view import answer_view

TODAY = date(2026, 1, 1)
HOSTILE = '"><b>x</b><img src=x onerror=alert(1)> {{ 7 * 7 }}'
APP = Path(__file__).parent.parent / "app.py"


class Tags(HTMLParser):
    """Collects the tags and link targets of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]


def drawn(answer):
    values = answer_view(answer)
    return render("answer.html", answer.query.language, **values, feedback=True, opinions={})


def test_text_from_the_corpus_is_never_markup(tmp_path):
    corpus = copy_small_corpus(tmp_path)
    for column in ("name_fi", "name_en", "description_fi", "description_en"):
        edit_cell(corpus, "competences", "oulu-sleep", column, f"{HOSTILE} uni sleep")
    edit_cell(corpus, "contacts", "test-desk", "name", HOSTILE)
    edit_cell(corpus, "organisations", "oulu-hospital", "name_en", HOSTILE)
    edit_cell(corpus, "topics", "sleep", "label_en", HOSTILE)
    encoder = FakeEncoder()
    matcher = fake_matcher(build_index(corpus, tmp_path / "index", encoder), encoder)
    for question in ("Kuka mittaa unta?", "Who measures sleep and tests devices?"):
        html = drawn(matcher.match(question, today=TODAY))
        found = Tags(html)
        assert not found.tags & {"b", "img", "script"}
        assert all(link.startswith(("https://", "mailto:")) for link in found.links)
        assert "&lt;b&gt;x&lt;/b&gt;" in html
        assert "{{ 7 * 7 }}" in html


def test_contacts_of_a_partner_are_links_and_never_markup(small_matcher):
    contact = replace(
        small_matcher.index.corpus.contacts["contacts/lab-desk"],
        name=Text(HOSTILE, HOSTILE),
        email='a"onclick=x@b.example',
        phone='+358 29 1"onclick=x',
    )
    shown = {"who": contact.name.fi, "ways": ways_to(contact)}
    values = {"id": "x", "title": "x", "facts": "", "reasons": [], "url": "", "sources": []}
    html = render("desk_partner.html", "fi", **values, contacts=[shown], date="")
    assert Tags(html).links == ["mailto:a%22onclick%3Dx@b.example", "tel:+358291"]
    assert not Tags(html).tags & {"b", "img"}


def test_the_question_is_never_markup():
    for before in ((), (HOSTILE,)):
        html = render("question.html", "fi", question=HOSTILE, spoken="en", before=before)
        assert Tags(html).tags == {"div", "p", "span"}


@pytest.mark.parametrize(
    ("today", "offered"), [(date(2099, 3, 13), True), (date(2099, 3, 14), False)]
)
def test_what_is_over_goes_into_no_calendar(small_matcher, today, offered):
    answer = small_matcher.match("sleep week", today=today)
    assert "events/sleep-week-2099" in [match.record.doc_id for match in answer.resources]
    assert ('data-hm="calendar"' in drawn(answer)) is offered


def test_the_page_has_the_order_of_the_command_line(small_matcher):
    answer = small_matcher.match("synthetic data for testing", today=TODAY)
    groups = answer_view(answer)["groups"]
    text = answer_to_text(answer, width=1000)
    for group in groups:
        places = [text.index(f". {resource['name']}\n") for resource in group["resources"]]
        assert places == sorted(places)
    shown = [resource for group in groups for resource in group["resources"]]
    assert {f"{r['rank']}. {r['name']}" for r in shown} <= {
        line.strip() for line in text.splitlines()
    }
    assert len(shown) == len(answer.resources) > 2


def test_a_missing_language_is_marked(small_matcher):
    answer = small_matcher.match("activity tracker", kinds=["companies"], today=TODAY)
    html = drawn(answer)
    assert '<p lang="fi">Ranneke laskee askeleet ja sykkeen.</p>' in html


@pytest.mark.parametrize("question", ["", "x" * 2001, "zzzzz qqqqq"])
def test_answers_without_matches_are_drawn(small_matcher, question):
    assert "hm-summary" in drawn(small_matcher.match(question, today=TODAY))


def test_every_error_has_plain_words():
    found = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, HytkiMatchError)
    ]
    assert len(found) >= 8
    assert all(knows(f"error.{kind.code}") for kind in found)


def test_there_are_six_examples_in_each_language():
    numbers = range(1, EXAMPLES_PER_ROLE + 1)
    keys = [f"example.{role}_{number}" for role in ROLES for number in numbers]
    texts = {say(key, language) for key in keys for language in LANGUAGES}
    assert len(texts) == 2 * 6


@pytest.fixture
def app(tmp_path, monkeypatch, caplog):
    """The page on a small corpus with the bundled encoder, run by Streamlit's own test runner."""
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("HYTKI_MATCH_CORPUS", str(copy_small_corpus(tmp_path)))
    monkeypatch.setenv("HYTKI_MATCH_INDEX", str(tmp_path / "index"))
    yield AppTest.from_file(str(APP), default_timeout=60)
    # A surprise is told in plain words, so that nothing but the log shows it.
    assert "could not be drawn" not in caplog.text


def parameter(app, name):
    found = app.query_params.get(name, [])
    return found if isinstance(found, list) else [found]


def page_text(app):
    return " ".join(html.proto.body for html in app.get("html"))


def test_the_first_visit_builds_the_index_and_asks(app, tmp_path):
    app.run()
    assert not app.exception
    assert (tmp_path / "index" / "current").is_file()
    assert "Kysy omin sanoin" in page_text(app)
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert not app.exception
    assert 'data-id="competences/oulu-sleep"' in page_text(app)


def test_an_example_is_asked_by_a_click(app):
    app.run()
    app.button[0].click().run()
    assert "Kysyit" in page_text(app)
    app.button(key="start-over").click().run()
    assert "Kysyit" not in page_text(app)


def test_a_filter_asks_the_last_question_again(app):
    app.run()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    app.get("button_group")[1].set_value(["kuopio"]).run()
    assert not app.exception
    assert 'data-id="competences/oulu-sleep"' not in page_text(app)


def test_a_question_in_markup_is_plain_text_on_its_button_too(app):
    app.run()
    app.chat_input[0].set_value(":red[uni] [x](javascript:alert)").run()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert app.button(key="earlier-0").label == "\\:red\\[uni\\] \\[x\\](javascript\\:alert)"


def test_a_broken_index_is_told_in_plain_words(app, tmp_path):
    app.run()
    (folder,) = (tmp_path / "index" / "versions").iterdir()
    (folder / "dense.faiss").write_bytes(b"junk")
    from streamlit import cache_resource

    cache_resource.clear()
    app.run()
    assert not app.exception
    assert app.error[0].value == say("error.index_broken", "fi")
    assert "dense.faiss" in app.code[0].value


def test_a_broken_corpus_is_told_in_plain_words(app, tmp_path):
    (tmp_path / "corpus" / "tools.csv").unlink()
    app.query_params["lang"] = "en"
    app.run()
    assert app.error[0].value == say("error.corpus", "en")
    assert "tools.csv: is missing" in app.code[0].value


def test_a_surprise_is_told_in_plain_words_and_logged(app, monkeypatch, caplog):
    def surprise(self, question, **options):
        raise ZeroDivisionError

    app.run()
    with monkeypatch.context() as broken:
        broken.setattr(Matcher, "match", surprise)
        app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert not app.exception
    assert app.error[0].value == say("error.error", "fi")
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert not app.error
    assert "Kysyit" in page_text(app)


def test_an_error_is_told_on_other_pages_too(app, tmp_path, monkeypatch):
    monkeypatch.setenv("HYTKI_MATCH_FEEDBACK", str(tmp_path / "feedback.sqlite"))
    monkeypatch.setattr("hytki_match.web.insights.may_see", lambda settings: True)
    (tmp_path / "corpus" / "tools.csv").unlink()
    app.query_params["page"] = "insights"
    app.run()
    assert not app.exception
    assert app.error[0].value == say("error.corpus", "fi")


def test_a_new_version_is_taken_into_use_between_questions(app, tmp_path):
    app.run()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    edit_cell(tmp_path / "corpus", "competences", "oulu-sleep", "name_fi", "Yöunen mittaaminen")
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert say("notice.stale", "fi")[:40] in page_text(app)
    from hytki_match.encoder import load_encoder

    build_index(tmp_path / "corpus", tmp_path / "index", load_encoder("bundled"))
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert "Yöunen mittaaminen" in page_text(app)


def made(answer, **parts):
    """An answer with parts that the small corpus does not bring about."""
    return replace(answer, **parts)


def test_complements_and_unmet_words_are_told(small_matcher):
    answer = small_matcher.match("Who measures sleep?", today=TODAY)
    corpus = small_matcher.index.corpus
    addition = Complement(corpus.regions["turku"], "tools/turku-testbed", ("sleep",))
    names = {**answer.names, "tools/turku-testbed": Text("Alusta", "Testbed <b>")}
    html = drawn(
        made(
            answer,
            complements=(addition, addition),
            unmatched=("mattress", "<i>"),
            names=names,
        )
    )
    assert "What other regions add" in html
    assert html.count("Testbed &lt;b&gt; (sleep)") == 2
    assert html.count("<strong>Turku</strong>") == 1
    assert "“mattress”, “&lt;i&gt;”" in html


def test_a_quoted_sentence_says_its_language(small_matcher):
    answer = small_matcher.match("Which activity tracker is there?", today=TODAY)
    best = answer.resources[0]
    reason = Reason((), (), "Ranneke laskee askeleet.", "fi", 0.9)
    html = drawn(made(answer, resources=(replace(best, reason=reason), *answer.resources[1:])))
    assert html.count('<span lang="fi">Ranneke laskee askeleet.</span>') == 2  # summary and reason


def test_the_map_marks_regions_where_they_lie(small_matcher):
    answer = small_matcher.match("Who measures sleep and tests devices?", today=TODAY)
    places = {mark["number"]: mark for mark in map_view(answer.regions)}
    regions = [match.region for match in answer.regions]
    assert len(places) == len(regions) > 1
    north_first = sorted(regions, key=lambda region: -region.latitude)
    tops = [places[regions.index(region) + 1]["top"] for region in north_first]
    assert tops == sorted(tops)
    for mark in places.values():
        assert 0 < mark["left"] < 100
        assert 0 < mark["top"] < 100


def test_only_https_and_mail_become_links(small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=TODAY)
    best = answer.resources[0]
    for url in ("javascript:alert(1)", "http://x.example", "data:text/html,x", "https://"):
        record = replace(best.record, url=url, sources=(url,))
        answer = made(answer, resources=(replace(best, record=record),))
        assert url not in Tags(drawn(answer)).links


@pytest.fixture
def limited(app, monkeypatch):
    """The page with a matcher that finds a limit in every question and has a follow-up."""
    asked = []
    match = Matcher.match

    def with_limit(self, question, *, history=(), without=(), **options):
        asked.append((question, tuple(query.text for query in history), tuple(without)))
        answer = match(self, question, **options)
        limit = Constraint("region", "kuopio", "Kuopiossa")
        query = replace(answer.query, constraints=(limit,), without=tuple(without))
        return replace(answer, query=query, follow_ups=("Entä *Turussa*?",))

    monkeypatch.setattr(Matcher, "match", with_limit)
    app.asked = asked
    return app


def test_a_limit_of_the_question_can_be_removed(limited):
    limited.run()
    limited.chat_input[0].set_value("Kuka mittaa unta Kuopiossa?").run()
    limited.button(key="chip-region:kuopio").click().run()
    assert not limited.exception
    assert limited.asked[-1] == ("Kuka mittaa unta Kuopiossa?", (), ("region:kuopio",))
    assert parameter(limited, "without") == ["region:kuopio"]
    assert "chip-region:kuopio" not in [button.key for button in limited.button]


def test_what_is_ruled_out_is_a_limit_that_can_be_removed(app):
    app.run()
    app.chat_input[0].set_value("Kuka mittaa unta, ei yrityksiä").run()
    assert app.button(key="chip-not:kind:companies").label == r"Ei\: Yritykset – poista"
    assert "Sleepy Oy" not in page_text(app)
    app.button(key="chip-not:kind:companies").click().run()
    assert parameter(app, "without") == ["not:kind:companies"]
    assert "Sleepy Oy" in page_text(app)


def test_a_follow_up_is_asked_with_the_conversation(limited):
    limited.run()
    limited.chat_input[0].set_value("Kuka mittaa unta?").run()
    button = limited.button(key="follow-up-0")
    assert button.label == "Entä \\*Turussa\\*?"
    button.click().run()
    assert ("Entä *Turussa*?", ("Kuka mittaa unta?",), ()) in limited.asked
    assert "Entä *Turussa*?" in page_text(limited)


def test_a_rerun_asks_the_matcher_nothing(limited):
    limited.run()
    limited.chat_input[0].set_value("Kuka mittaa unta?").run()
    count = len(limited.asked)
    limited.run()
    limited.get("button_group")[0].set_value("en").run()
    assert len(limited.asked) == count


def test_an_address_carries_the_questions_that_the_answer_needs(app, monkeypatch):
    match = Matcher.match

    def with_history(self, question, *, history=(), **options):
        """Take "entä" for a question on the topic before it, as the real matcher may."""
        text = history[-1].text if question.startswith("Entä") and history else question
        answer = match(self, text, **options)
        return replace(answer, query=replace(answer.query, text=question, topic=text))

    monkeypatch.setattr(Matcher, "match", with_history)
    app.run()
    app.chat_input[0].set_value("Kuka testaa laitteita?").run()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert parameter(app, "q") == ["Kuka mittaa unta?"]
    app.chat_input[0].set_value("Entä sitten?").run()
    assert parameter(app, "q") == ["Kuka mittaa unta?", "Entä sitten?"]


def test_a_page_of_its_own_and_back(app):
    app.run()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    app.button(key="page-privacy").click().run()
    assert say("privacy.stored_nothing", "fi") in page_text(app)
    assert "q" not in app.query_params
    app.button(key="page-chat").click().run()
    assert parameter(app, "q") == ["Kuka mittaa unta?"]
    assert "Kysyit" in page_text(app)


def test_an_unknown_page_is_the_chat(app):
    app.query_params["page"] = "../etc"
    app.run()
    assert "Kysy omin sanoin" in page_text(app)


def test_the_notice_tells_when_feedback_is_stored(app, monkeypatch, tmp_path):
    monkeypatch.setenv("HYTKI_MATCH_FEEDBACK", str(tmp_path / "f.sqlite"))
    monkeypatch.setenv("HYTKI_MATCH_FEEDBACK_ADDRESS", "palaute@example.fi")
    app.query_params["page"] = "privacy"
    app.run()
    assert say("privacy.stored_feedback", "fi") in page_text(app)
    assert 'href="mailto:palaute%40example.fi"' in page_text(app)


def test_feedback_that_cannot_be_stored_does_not_stop_an_answer(app, monkeypatch, tmp_path):
    monkeypatch.setenv("HYTKI_MATCH_FEEDBACK", str(tmp_path / "no" / "folder.sqlite"))
    app.run()
    app.chat_input[0].set_value("zzzzz qqqqq").run()
    assert not app.exception
    assert "Kysyit" in page_text(app)
    app.get("button_group")[-1].set_value("yes").run()
    assert app.warning[0].value == say("error.feedback", "fi")


def test_a_greeting_is_no_topic_to_go_on_with(limited):
    limited.run()
    limited.chat_input[0].set_value("Hei!").run()
    limited.chat_input[0].set_value("Kuka mittaa unta?").run()
    assert limited.asked[-1] == ("Kuka mittaa unta?", (), ())


def test_who_asks_whom_to_call_sees_contacts_first(small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=TODAY)
    headings = (say("heading.regions", "fi"), say("heading.contacts", "fi"))

    def order(answer):
        html = drawn(answer)
        return sorted(headings, key=lambda heading: html.index(f"<h2>{heading}</h2>"))

    assert order(answer) == list(headings)
    wanted = made(answer, query=replace(answer.query, intent="contact"))
    assert order(wanted) == list(headings)[::-1]
    assert "<h2>" in drawn(wanted)


def test_a_question_without_an_answer_is_kept_where_feedback_is_on(app, monkeypatch, tmp_path):
    match = Matcher.match

    def nothing(self, question, **options):
        return replace(match(self, question, **options), state="none", regions=(), contacts=())

    monkeypatch.setattr(Matcher, "match", nothing)
    app.run()
    app.chat_input[0].set_value("Kuka mittaa unta?").run()
    monkeypatch.setenv("HYTKI_MATCH_FEEDBACK", str(tmp_path / "feedback.sqlite"))
    app.chat_input[0].set_value("Kuka mittaa unta 131052-308T?").run()
    assert not app.exception
    kept = FeedbackStore(tmp_path / "feedback.sqlite").unanswered()
    assert [row.question for row in kept] == ["Kuka mittaa unta [ID]?"]


def test_a_description_that_is_quoted_already_stays_closed(small_matcher):
    answer = small_matcher.match("Kuka mittaa unta?", today=TODAY)
    best = answer.resources[0]
    assert answer_view(answer)["groups"][0]["resources"][0]["open"]
    sentence = best.record.description.get("fi").partition(".")[0]
    reason = Reason((), (), sentence, "fi", 0.9)
    answer = made(answer, resources=(replace(best, reason=reason), *answer.resources[1:]))
    assert not answer_view(answer)["groups"][0]["resources"][0]["open"]
