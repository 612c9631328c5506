"""A hand-over as PDF (fpdf2), with fonts of its own, so that it looks the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, time
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, cast

from fpdf import FPDF, FontFace
from fpdf.enums import MethodReturnValue, TableBordersLayout, WrapMode, XPos, YPos

from hytki_match.adviser.handover.content import (
    Heading,
    Item,
    Paragraph,
    make_document,
)
from hytki_match.adviser.handover.look import ACCENT, shade_of
from hytki_match.language.phrases import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.handover.content import Block, Grid
    from hytki_match.adviser.work import Work
    from hytki_match.records import Language

FONT = "DejaVu"
HEADING_SIZE = {1: 16, 2: 12.5, 3: 10.5}
MARGIN_MM = 18
SHORT_MM = 20


class _Paper(FPDF):
    """A4 with a page number at the foot, in the language of the part it stands in."""

    language: Language = "fi"

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FONT, size=7.5)
        self.set_text_color(90)
        self.cell(0, 5, say("handover.page", self.language, page=self.page_no()), align="R")
        self.set_text_color(0)


def make_pdf(work: Work, languages: Sequence[Language]) -> bytes:
    """Return the hand-over, one language after the other, each on a new page."""
    paper = _Paper(format="A4")
    paper.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
    paper.set_auto_page_break(auto=True, margin=20)
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        with as_file(files("hytki_match.adviser") / "fonts" / name) as font:
            paper.add_font(FONT, style, font)
    paper.set_title(work.case.title)
    paper.set_creator("HYTKI Match")
    paper.set_lang({"fi": "fi-FI", "en": "en-GB"}[languages[0]])
    paper.set_creation_date(datetime.combine(work.today, time(), UTC))
    for language in languages:
        paper.language = language
        paper.add_page()
        for block in make_document(work, language).blocks:
            _draw(paper, block)
    return bytes(paper.output())


def _draw(paper: _Paper, block: Block) -> None:
    if isinstance(block, Heading):
        _heading(paper, block)
    elif isinstance(block, Paragraph):
        paper.set_font(FONT, size=7.5 if block.small else 9.5)
        # An address is one long word: in the small print it is broken where the line ends.
        wrap = WrapMode.CHAR if block.small and "://" in block.text else WrapMode.WORD
        _text(paper, block.text, 3.8 if block.small else 5, wrap)
        paper.ln(0.4 if block.small else 1.6)
    elif isinstance(block, Item):
        _item(paper, block)
    else:
        _grid(paper, block)


def _heading(paper: _Paper, heading: Heading) -> None:
    """Draw a heading, on a new page if nothing of what follows would fit under it."""
    if paper.will_page_break(60 if heading.level == 2 else 34):
        paper.add_page()
    paper.ln({1: 0, 2: 4, 3: 2}[heading.level])
    paper.set_font(FONT, "B", HEADING_SIZE[heading.level])
    paper.set_text_color(*ACCENT)
    paper.start_section(heading.text, heading.level - 1, strict=False)
    _text(paper, heading.text, HEADING_SIZE[heading.level] * 0.5)
    paper.set_text_color(0)
    paper.ln(1.5)


def _text(paper: _Paper, text: str, height: float, wrap: WrapMode = WrapMode.WORD) -> None:
    """Write a text; a short one is not torn apart by the end of a page."""
    asked = MethodReturnValue.HEIGHT
    found = paper.multi_cell(0, height, text, wrapmode=wrap, dry_run=True, output=asked)
    whole = cast("float", found)
    if whole <= SHORT_MM and paper.will_page_break(whole):
        paper.add_page()
    paper.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=wrap)


def _item(paper: _Paper, item: Item) -> None:
    paper.set_font(FONT, size=9.5)
    paper.cell(5, 5, "•")
    if item.url:
        paper.set_text_color(*ACCENT)
    paper.multi_cell(0, 5, item.text, align="L", link=item.url, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_text_color(0)
    paper.ln(0.6)


def _grid(paper: _Paper, grid: Grid) -> None:
    paper.set_font(FONT, size=8.5)
    with paper.table(
        col_widths=grid.widths,
        line_height=4.4,
        padding=1.2,
        text_align="LEFT",
        borders_layout=TableBordersLayout.ALL,
        headings_style=FontFace(emphasis="BOLD", fill_color=(230, 239, 238)),
    ) as table:
        table.row(list(grid.header))
        for cells in grid.rows:
            row = table.row()
            for cell in cells:
                style = FontFace(
                    emphasis="BOLD" if cell.strong else None,
                    fill_color=shade_of(cell.shade) if cell.shade else None,
                )
                row.cell(cell.text, style=style)
    paper.ln(2)
