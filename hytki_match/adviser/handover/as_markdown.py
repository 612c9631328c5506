"""A hand-over as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hytki_match.adviser.handover.content import (
    Heading,
    Item,
    Paragraph,
    make_document,
)
from hytki_match.answers.as_markdown import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hytki_match.adviser.handover.content import Block, Cell, Grid
    from hytki_match.adviser.work import Work
    from hytki_match.records import Language


def make_markdown(work: Work, languages: Sequence[Language]) -> str:
    """Return the hand-over, one language after the other."""
    documents = [make_document(work, language) for language in languages]
    return "\n".join(_blocks(document.blocks) for document in documents)


def _blocks(blocks: Sequence[Block]) -> str:
    lines: list[str] = []
    for number, block in enumerate(blocks):
        lines.append(_block(block))
        in_list = isinstance(block, Item) and isinstance(
            blocks[number + 1] if number + 1 < len(blocks) else None, Item
        )
        if not in_list:
            lines.append("")
    return "\n".join(lines)


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_text(block.text)}"
    if isinstance(block, Paragraph):
        return _text(block.text)
    if isinstance(block, Item):
        text = _text(block.text)
        return f"- [{text}](<{block.url}>)" if block.url else f"- {text}"
    return _grid(block)


def _text(text: str) -> str:
    """Escape a text; a colon before a space starts neither a link nor an emoji."""
    return escape_markdown(text).replace("\\: ", ": ")


def _grid(grid: Grid) -> str:
    header = [_text(text) for text in grid.header]
    rows = [[_cell(cell) for cell in row] for row in grid.rows]
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: Cell) -> str:
    text = _text(cell.text).replace("\n", " ")
    return f"**{text}**" if cell.strong and text else text
