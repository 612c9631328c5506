"""A hand-over as a spreadsheet: matrix, parts, partners. Every cell is text or a plain number.

Nothing is ever taken for a formula or a link, whatever a need or the corpus says.
"""

from __future__ import annotations

import io
import math
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import xlsxwriter

from hytki_match.adviser.handover.content import case_facts, contact_line, letter, matrix
from hytki_match.adviser.handover.look import ACCENT
from hytki_match.adviser.handover.packing import repacked
from hytki_match.adviser.wording import link_reason, name_of, place_of, summary
from hytki_match.answers.wording import kind_label
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hytki_match.adviser.work import Work
    from hytki_match.records import Language

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST = 60
_LINE_POINTS = 15
_A4 = 9


def make_xlsx(work: Work, languages: Sequence[Language]) -> bytes:
    """Return a workbook with three sheets in each language."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **_SAFE})
    book.set_properties({"title": work.case.title, "created": datetime.combine(work.today, time())})
    for language in languages:
        _Sheets(book, work, language).write()
    book.close()
    return repacked(out.getvalue())


class _Sheets:
    """Writes the sheets of one language."""

    def __init__(self, book: Any, work: Work, language: Language) -> None:  # noqa: ANN401
        self._book, self._work, self._language = book, work, language
        self._head = book.add_format({"bold": True, "bg_color": "#E6EFEE", "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        percent = {"fi": "0 %", "en": "0%"}[language]
        self._share = book.add_format({"num_format": percent, "valign": "top"})
        self._widths: Sequence[int] = ()

    def write(self) -> None:
        self._matrix()
        self._links()
        self._partners()

    def _say(self, key: str) -> str:
        return say(f"handover.{key}", self._language)

    def _sheet(self, key: str, header: Iterable[str], widths: Sequence[int]) -> Any:  # noqa: ANN401
        sheet = self._book.add_worksheet(f"{self._say(key)} ({self._language})"[:31])
        self._widths, titles = widths, list(header)
        for column, (text, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, self._head)
        self._make_room(sheet, 0, titles)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _make_room(self, sheet: Any, line: int, texts: Iterable[str]) -> None:  # noqa: ANN401
        """Make a row as high as its wrapped texts: not every program does so by itself."""
        lines = (
            sum(math.ceil(len(piece) / (0.9 * width)) for piece in text.splitlines())
            for text, width in zip(texts, self._widths, strict=False)
        )
        sheet.set_row(line, _LINE_POINTS * max([1, *lines]))

    def _matrix(self) -> None:
        grid, work = matrix(self._work, self._language), self._work
        names = [
            f"{letter(n)}. {name_of(p, work.corpus, self._language)}"
            for n, p in enumerate(work.partners)
        ]
        sheet = self._sheet("matrix", [grid.header[0], *names], [_WIDEST, *[22] * len(names)])
        for number, (row, found) in enumerate(zip(grid.rows, work.proposal.parts, strict=True), 1):
            sheet.write_string(number, 0, row[0].text, self._text)
            self._make_room(sheet, number, [row[0].text])
            for column, partner in enumerate(work.partners, 1):
                fit = work.proposal.probability(partner, found.part.part_id)
                if fit:
                    sheet.write_number(number, column, fit, self._share)
        if grid.rows and names:
            colour = "#{:02X}{:02X}{:02X}".format(*ACCENT)
            scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": colour}
            limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1.4}
            sheet.conditional_format(1, 1, len(grid.rows), len(names), scale | limits)
        facts = case_facts(work, self._language)
        lines = [
            summary(work.proposal, self._language),
            *(f"{label}: {value}" for label, value in facts),
            *self._left_out(),
            self._made_by(work.proposal.index_version),
        ]
        for offset, line in enumerate(lines, len(grid.rows) + 2):
            sheet.write_string(offset, 0, line, self._text)
            self._make_room(sheet, offset, [line])

    def _left_out(self) -> list[str]:
        heading = say("desk.heading_left_out", self._language)
        return [f"{heading}: {sentence}" for sentence in self._work.proposal.left_out]

    def _made_by(self, version: str) -> str:
        digest = self._work.proposal.corpus_digest[:12]
        return say("handover.made_by", self._language, version=version, digest=digest)

    def _links(self) -> None:
        keys = ("number", "part", "weight", "by", "strength", "reason")
        sheet = self._sheet("parts", map(self._say, keys), [6, _WIDEST, 8, 30, 10, _WIDEST])
        corpus, line = self._work.corpus, 1
        for number, found in enumerate(self._work.proposal.parts, start=1):
            for link in found.links[:5]:
                name = name_of(link.partner_id, corpus, self._language)
                reason = link_reason(link, corpus, self._language)
                sheet.write_number(line, 0, number, self._text)
                sheet.write_string(line, 1, found.part.text, self._text)
                sheet.write_number(line, 2, found.part.weight, self._text)
                sheet.write_string(line, 3, name, self._text)
                sheet.write_number(line, 4, link.probability, self._share)
                sheet.write_string(line, 5, reason, self._text)
                self._make_room(sheet, line, ["", found.part.text, "", name, "", reason])
                line += 1

    def _partners(self) -> None:
        keys = (
            "name",
            "kind",
            "region",
            "state",
            "remark",
            "contact_column",
            "link",
            "sources",
            "as_of",
        )
        labels = [self._say(key) for key in keys]
        sheet = self._sheet("partners", labels, [34, 20, 16, 14, 30, 40, 30, 40, 14])
        for line, partner_id in enumerate(self._work.partners, start=1):
            texts = self._partner(partner_id)
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text, self._text)
            self._make_room(sheet, line, texts)

    def _partner(self, partner_id: str) -> list[str]:
        work, language = self._work, self._language
        record = work.corpus.records[partner_id]
        entry = next((e for e in work.case.shortlist if e.partner_id == partner_id), None)
        contacts = (work.corpus.contacts[c] for c in work.proposal.partners[partner_id].contacts)
        return [
            name_of(partner_id, work.corpus, language),
            kind_label(record, language),
            place_of(record, work.corpus, language),
            say(f"status.{entry.status if entry else 'proposed'}", language),
            entry.note if entry else "",
            "\n".join(
                contact_line(contact, language, work.today.isoformat()) for contact in contacts
            ),
            record.url,
            "\n".join(record.sources),
            record.as_of,
        ]
