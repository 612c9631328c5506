"""What comes next for a case, and the files to hand over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from hytki_match.adviser.as_json import proposal_to_json
from hytki_match.adviser.handover import (
    mail_drafts,
    make_calendar,
    make_docx,
    make_everything,
    make_markdown,
    make_pdf,
    make_report,
    make_xlsx,
)
from hytki_match.adviser.wording import name_of
from hytki_match.answers.as_markdown import escape_markdown
from hytki_match.answers.wording import event_dates, web_addresses
from hytki_match.language.phrases import say
from hytki_match.web.desk_state import key_of
from hytki_match.web.drawing import draw, draw_heading

if TYPE_CHECKING:
    from collections.abc import Callable

    from hytki_match.adviser.work import Work
    from hytki_match.records import Language
    from hytki_match.web.desk_state import Desk

NAMED = {"report": "-edih", "events": "-events", "everything": "-all"}
"""What tells a file from the document of the same ending."""

CHOICES: dict[str, tuple[Language, ...]] = {"fi": ("fi",), "en": ("en",), "both": ("fi", "en")}


def show_handover(desk: Desk, work: Work) -> None:
    """Draw the next steps and the files."""
    language = desk.language
    draw("desk_next.html", language, **_next(work, language))
    draw_heading("desk.handover", language)
    chosen = st.segmented_control(
        say("desk.handover_language", language),
        list(CHOICES),
        default=language,
        format_func=lambda name: say(f"desk.language_{name}", language),
        key=key_of(desk, "handover-language"),
    )
    languages = CHOICES[chosen or language]
    with st.container(horizontal=True):
        for name, kind, make in _files(work, languages):
            # Made only when asked for: a document takes a second.
            st.download_button(
                say(f"desk.file_{name}", language),
                data=make,
                file_name=f"{_file_stem(work)}{NAMED.get(name, '')}.{kind}",
                key=key_of(desk, f"file-{name}"),
                on_click="ignore",
            )
    with st.expander(say("desk.mails", language)):
        for draft in mail_drafts(work, languages[0]):
            st.text_area(
                name_of(draft.partner_id, work.corpus, language),
                f"{draft.to}\n{draft.subject}\n\n{draft.body}".lstrip(),
                height=260,
                key=f"{key_of(desk, 'mail')}-{draft.partner_id}-{hash(draft)}",
            )
    version, digest = work.proposal.index_version, work.proposal.corpus_digest[:12]
    st.caption(escape_markdown(say("desk.made_from", language, version=version, digest=digest)))


def _files(
    work: Work, languages: tuple[Language, ...]
) -> list[tuple[str, str, Callable[[], bytes]]]:
    """Return each file: its name, the ending, and how it is made; no calendar without events."""
    files: list[tuple[str, str, Callable[[], bytes]]] = [
        ("docx", "docx", lambda: make_docx(work, languages)),
        ("pdf", "pdf", lambda: make_pdf(work, languages)),
        ("xlsx", "xlsx", lambda: make_xlsx(work, languages)),
        ("markdown", "md", lambda: make_markdown(work, languages).encode()),
        ("json", "json", lambda: proposal_to_json(work.proposal, work.steps, work.corpus).encode()),
        ("report", "csv", lambda: make_report([work]).encode("utf-8-sig")),
        ("everything", "zip", lambda: make_everything(work, languages)),
    ]
    if work.steps.events:
        files.insert(-1, ("events", "ics", lambda: make_calendar(work, languages[0])))
    return files


def _file_stem(work: Work) -> str:
    """Return the beginning of file names: the title and the day, so that a folder can be read."""
    title = re.sub(r"[^\w-]+", "-", work.case.title).strip("-_")[:60] or "hytki-match"
    return f"{title}-{work.today.isoformat()}"


def _next(work: Work, language: Language) -> dict[str, object]:
    stage = next((s for s in work.stages if s.stage_id == work.case.stage), None)
    steps, records = work.steps, work.corpus.records

    def items(ids: tuple[str, ...]) -> list[dict[str, str]]:
        return [
            {
                "name": records[i].name.best(language)[0],
                "when": event_dates(records[i], language),
                "url": next(iter(web_addresses([records[i].url])), ""),
            }
            for i in ids
        ]

    return {
        "stage": stage.name.best(language)[0] if stage else "",
        "description": stage.description.best(language)[0] if stage else "",
        "lists": [
            ("tools", items(steps.tools)),
            ("funding", items(steps.funding)),
            ("events", items(steps.events)),
        ],
    }
