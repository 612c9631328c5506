"""A hand-over as a Word document (python-docx)."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from hytki_match.adviser.handover.content import (
    Heading,
    Item,
    Paragraph,
    make_document,
)
from hytki_match.adviser.handover.look import ACCENT, shade_of
from hytki_match.adviser.handover.packing import repacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.handover.content import Block, Cell, Document, Grid
    from hytki_match.adviser.work import Work
    from hytki_match.records import Language

WIDTH_CM = 17.0
LANGUAGE_TAGS = {"fi": "fi-FI", "en": "en-GB"}


def make_docx(work: Work, languages: Sequence[Language]) -> bytes:
    """Return the hand-over, one language after the other, each on a new page."""
    paper = _paper(work)
    for number, language in enumerate(languages):
        document = make_document(work, language)
        if number:
            paper.add_page_break()
        for block in document.blocks:
            _draw(paper, block, document)
    out = io.BytesIO()
    paper.save(out)
    return repacked(out.getvalue())


def _paper(work: Work) -> Any:  # noqa: ANN401 - python-docx's class is a factory
    paper = docx.Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = Cm(2)
    section.bottom_margin = Cm(2)
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    normal.paragraph_format.space_after = Pt(4)
    for level, size in ((1, 18), (2, 13), (3, 11)):
        style = paper.styles[f"Heading {level}"]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.font.color.rgb = RGBColor(*ACCENT)
        # The template names fonts of its theme, which would go before ours.
        fonts = style.element.rPr.rFonts
        for name in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[name]
    moment = datetime.combine(work.today, time())
    facts = paper.core_properties
    facts.title, facts.author, facts.comments = work.case.title, "HYTKI Match", ""
    facts.created = facts.modified = moment
    return paper


def _draw(paper: Any, block: Block, document: Document) -> None:  # noqa: ANN401
    if isinstance(block, Heading):
        drawn = paper.add_heading(block.text, level=block.level)
    elif isinstance(block, Paragraph):
        drawn = paper.add_paragraph()
        drawn.paragraph_format.keep_together = True
        run = drawn.add_run(block.text)
        run.font.size = Pt(8.5) if block.small else None
    elif isinstance(block, Item):
        drawn = paper.add_paragraph(style="List Bullet")
        _item(drawn, block)
    else:
        _grid(paper, block)
        return
    for run in drawn.runs:
        _set_language(run, document.language)


def _item(paragraph: Any, item: Item) -> None:  # noqa: ANN401
    """Draw a point; its address becomes a link on the whole text."""
    if not item.url:
        paragraph.add_run(item.text)
        return
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(item.url, kind, is_external=True))
    run = paragraph.add_run(item.text)
    run.font.color.rgb = RGBColor(*ACCENT)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _grid(paper: Any, grid: Grid) -> None:  # noqa: ANN401
    table = paper.add_table(rows=1, cols=len(grid.header))
    table.style, table.autofit = "Table Grid", False
    header = table.rows[0]
    for cell, text in zip(header.cells, grid.header, strict=True):
        _fill(cell, text, strong=True)
        _shade(cell, "E6EFEE")
    repeat = OxmlElement("w:tblHeader")
    header._tr.get_or_add_trPr().append(repeat)
    for row in grid.rows:
        drawn = table.add_row()
        drawn._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, content in zip(drawn.cells, row, strict=True):
            _cell(cell, content)
    # Word reads the widths of the cells, LibreOffice those of the columns.
    for column, share in zip(table.columns, grid.widths, strict=True):
        column.width = Cm(WIDTH_CM * share / sum(grid.widths))
        for cell in column.cells:
            cell.width = column.width
    paper.add_paragraph()


def _cell(cell: Any, content: Cell) -> None:  # noqa: ANN401
    _fill(cell, content.text, strong=content.strong)
    if content.shade:
        _shade(cell, "".join(f"{value:02X}" for value in shade_of(content.shade)))


def _fill(cell: Any, text: str, *, strong: bool) -> None:  # noqa: ANN401
    run = cell.paragraphs[0].add_run(text)
    run.font.size, run.font.bold = Pt(9), strong


def _shade(cell: Any, colour: str) -> None:  # noqa: ANN401
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def _set_language(run: Any, language: Language) -> None:  # noqa: ANN401
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), LANGUAGE_TAGS[language])
    run._r.get_or_add_rPr().append(tag)
