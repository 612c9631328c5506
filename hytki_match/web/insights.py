"""For the operator: what found nothing, what readers said, and both to take along."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import streamlit as st

from hytki_match.answers.as_table import safe_cell
from hytki_match.answers.wording import written_date
from hytki_match.feedback import judged_questions
from hytki_match.feedback.store import SEPARATOR
from hytki_match.language.phrases import say
from hytki_match.web.drawing import draw
from hytki_match.web.opinions import feedback_store
from hytki_match.web.page import open_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hytki_match.feedback import FeedbackStore, Opinion, Unanswered
    from hytki_match.records import Corpus, Language
    from hytki_match.settings import Settings

LATEST = 20
MOST_BARS = 12
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded")


def show_insights(settings: Settings, language: Language) -> None:
    """Draw the page for those who may see it.

    Raises
    ------
    HytkiMatchError
    """
    if not may_see(settings):
        draw("message.html", language, title="page.insights", key="insights.closed")
        return
    if not settings.feedback_file:
        draw("message.html", language, title="page.insights", key="insights.off")
        return
    corpus = open_index(settings, language).index.corpus
    store = feedback_store(settings.feedback_file)
    unanswered, opinions = store.unanswered(), store.opinions()
    draw("insights.html", language, **insights_view(unanswered, opinions, corpus, language))
    _export(store, language)


def may_see(settings: Settings) -> bool:
    """Tell whether the visitor sits at this machine or has logged in as an operator."""
    user = st.user
    if user.get("is_logged_in") and user.get("email") in settings.operators:
        return True
    return is_local(st.context.ip_address, st.context.headers)


def is_local(address: str | None, headers: Mapping[str, str]) -> bool:
    """Tell whether a request comes from this machine itself, not through a proxy on it.

    ``address`` is None where Streamlit was asked by the machine it runs on.
    """
    if any(headers.get(name) for name in FORWARDED):
        return False
    host = headers.get("Host", "").rsplit(":", 1)[0]
    return host in LOCAL_NAMES and (address is None or ip_address(address).is_loopback)


def insights_view(
    unanswered: Sequence[Unanswered],
    opinions: Sequence[Opinion],
    corpus: Corpus,
    language: Language,
) -> dict[str, Any]:
    """Return the values of ``insights.html``."""
    topics = {topic.topic_id: topic.label.best(language)[0] for topic in corpus.topics.values()}
    regions = {key: region.name.best(language)[0] for key, region in corpus.regions.items()}
    months = {row.month: written_date(row.month, language) for row in unanswered}
    nowhere = say("insights.nowhere", language)
    return {
        "unanswered": len(unanswered),
        "useful": sum(opinion.useful for opinion in opinions),
        "not_useful": sum(not opinion.useful for opinion in opinions),
        "charts": [
            ("insights.by_month", _bars((row.month for row in unanswered), months, in_time=True)),
            ("insights.by_topic", _bars(_parts(row.topics for row in unanswered), topics)),
            (
                "insights.by_region",
                _bars(_parts(row.regions or nowhere for row in unanswered), regions),
            ),
        ],
        "latest": unanswered[:LATEST],
        "months": months,
        "reasons": [opinion for opinion in opinions if opinion.reason][:LATEST],
    }


def _parts(cells: Iterable[str]) -> Iterable[str]:
    return (part for cell in cells for part in cell.split(SEPARATOR) if part)


def _bars(
    values: Iterable[str], names: Mapping[str, str], *, in_time: bool = False
) -> list[dict[str, Any]]:
    """Return the bars of a chart: name, count and length in percent of the longest.

    They are the most frequent values or, of months, the newest in their order.
    """
    counts = Counter(values)
    pairs = sorted(counts.items())[-MOST_BARS:] if in_time else counts.most_common(MOST_BARS)
    most = max(counts.values(), default=1)
    return [
        {"name": names.get(value, value), "count": count, "percent": round(100 * count / most)}
        for value, count in pairs
    ]


def _export(store: FeedbackStore, language: Language) -> None:
    st.download_button(
        say("insights.export", language),
        lambda: _archive(store),
        file_name="hytki-match-judged.zip",
        mime="application/zip",
        key="export-judged",
        on_click="ignore",
    )


def _archive(store: FeedbackStore) -> bytes:
    """Return the judged questions and, for reading, the unanswered ones."""
    unanswered = "".join(
        "\t".join([row.month, row.language, row.state, safe_cell(" ".join(row.question.split()))])
        + "\n"
        for row in store.unanswered()
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in judged_questions(store.opinions()).items():
            archive.writestr(name, text)
        archive.writestr("unanswered.tsv", unanswered)
    return stream.getvalue()
