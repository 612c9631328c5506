"""What the tables hold: the one module that names tables and columns.

Reading, checking, the data package and the documentation all follow what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hytki_match.records import LANGUAGES

Form = Literal["text", "id", "date", "as_of", "email", "phone", "web", "source", "degrees", "code"]
"""How a cell is written: ``as_of`` is a date, month or year; ``source`` an address or a document's
name; ``code`` a language code of two letters."""

LIST_SEPARATOR = ";"

MISSING = "-"
"""A cell with only this says that the text does not exist in that language."""

EXTRA_REGIONS = ("national", "international")
"""Region values without a row in ``regions.csv``."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are written, and what they mean.

    ``many`` marks a list with ``;`` between its parts. ``refers_to`` names the table whose ids the
    parts are. ``values`` are the only ones allowed. ``bilingual`` columns come in pairs (``_fi``,
    ``_en``): each has a text or ``-``, and not both ``-``. ``least`` and ``most`` bound degrees.
    """

    name: str
    means: str
    form: Form = "text"
    required: bool = False
    many: bool = False
    refers_to: str = ""
    values: tuple[str, ...] = ()
    bilingual: bool = False
    least: float = 0.0
    most: float = 0.0


def _pair(name: str, means: str, *, bilingual: bool = True, many: bool = False) -> list[Column]:
    spoken = {"fi": "in Finnish", "en": "in English"}
    return [
        Column(f"{name}_{language}", f"{means}, {spoken[language]}", bilingual=bilingual, many=many)
        for language in LANGUAGES
    ]


_ID = Column(
    "id", "Stable name of the row: lower-case ASCII words with hyphens", "id", required=True
)
_REGION = Column("region_id", "Region", "id", required=True, refers_to="regions")
_ORGANISATIONS = Column(
    "organisation_ids", "Organisations behind it", "id", many=True, refers_to="organisations"
)
_TOPICS = Column(
    "topics", "Topics, the most telling first", "id", required=True, many=True, refers_to="topics"
)
_KEYWORDS = _pair(
    "keywords", "Words of searchers, indexed and never shown", bilingual=False, many=True
)
_ORIGIN = [
    Column("url", "Home page of the thing", "web"),
    Column(
        "source_url",
        "Where the facts stand: web addresses or names of documents",
        "source",
        required=True,
        many=True,
    ),
    Column("as_of", "Date, month or year of the source, if known", "as_of"),
]
_NAME = _pair("name", "Name")
_DESCRIPTION = _pair("description", "What it is, for whom, and what is special about it")
_SUMMARY = _pair("summary", "What it does and what for one turns to it")

ORGANISATION_KINDS = (
    "university",
    "university_of_applied_sciences",
    "hospital",
    "wellbeing_services_county",
    "research_institute",
    "biobank",
    "ecosystem",
    "network",
    "innovation_hub",
    "development_company",
    "authority",
    "funder",
    "association",
    "company_partner",
)

TOOL_KINDS = (
    "guide",
    "model",
    "checklist",
    "data_source",
    "testbed",
    "service",
    "platform",
    "training",
    "funding",
    "software",
    "permit_service",
)

_DEGREES = [
    Column("latitude", "Degrees north (WGS 84)", "degrees", required=True, least=59, most=71),
    Column("longitude", "Degrees east (WGS 84)", "degrees", required=True, least=19, most=32),
]

TABLES: dict[str, tuple[Column, ...]] = {
    "regions": (
        _ID,
        *_NAME,
        Column("ecosystem", "Name of the region's ecosystem"),
        *_SUMMARY,
        *_DEGREES,
        *_ORIGIN,
    ),
    "topics": (_ID, *_pair("label", "Label")),
    "organisations": (
        _ID,
        Column("kind", "Kind of organisation", required=True, values=ORGANISATION_KINDS),
        _REGION,
        *_NAME,
        *_SUMMARY,
        *_KEYWORDS,
        *_ORIGIN,
    ),
    "contacts": (
        _ID,
        Column("name", "Name of the person, or of the desk in Finnish", required=True),
        Column("name_en", "Name of the desk in English, if it is another"),
        *_pair("role", "Role"),
        Column("organisation_id", "Organisation", "id", required=True, refers_to="organisations"),
        _REGION,
        _TOPICS,
        Column("email", "Published work e-mail", "email"),
        Column("phone", "Published work phone", "phone"),
        *_ORIGIN,
    ),
    "competences": (
        _ID,
        _REGION,
        _ORGANISATIONS,
        *_NAME,
        *_DESCRIPTION,
        _TOPICS,
        *_KEYWORDS,
        *_ORIGIN,
    ),
    "tools": (
        _ID,
        Column("kind", "Kind of tool", required=True, values=TOOL_KINDS),
        Column("region_ids", "Regions", "id", required=True, many=True, refers_to="regions"),
        _ORGANISATIONS,
        *_NAME,
        *_DESCRIPTION,
        _TOPICS,
        *_KEYWORDS,
        *_ORIGIN,
    ),
    "companies": (
        _ID,
        Column("name", "Name of the company", required=True),
        _REGION,
        Column("municipality", "Municipality"),
        *_DESCRIPTION,
        _TOPICS,
        *_KEYWORDS,
        *_ORIGIN,
    ),
    "events": (
        _ID,
        Column("starts_on", "First day", "date", required=True),
        Column("ends_on", "Last day, if it is another", "date"),
        *_NAME,
        *_DESCRIPTION,
        _ORGANISATIONS,
        _REGION,
        Column("place", "Town or venue"),
        Column("language", "Languages of the event", "code", many=True),
        _TOPICS,
        *_KEYWORDS,
        *_ORIGIN,
    ),
}
"""Columns of each table, in the order in which files are written; reading takes any order."""

STAGES = "stages"

SIDE_TABLES: dict[str, tuple[Column, ...]] = {
    STAGES: (
        _ID,
        *_pair("name", "Name of the stage"),
        *_pair("description", "What is done in the stage, and how one knows that it is over"),
        *_pair("signs", "Words of needs in this stage, never shown", bilingual=False, many=True),
        Column(
            "topics", "Topics that serve it", "id", required=True, many=True, refers_to="topics"
        ),
        Column(
            "kinds",
            "Kinds of tool that serve it, the first first",
            required=True,
            many=True,
            values=TOOL_KINDS,
        ),
        *_ORIGIN,
    ),
}
"""Tables that a corpus may do without: they are checked, but nothing is found in them, so they
are no part of an index or of a corpus' digest."""

COLUMNS = TABLES | SIDE_TABLES


def file_name(table: str) -> str:
    """Return the name of a table's file."""
    return f"{table}.csv"


def parts(cell: str) -> tuple[str, ...]:
    """Return the parts of a list cell, without spaces around them and without empty ones."""
    if LIST_SEPARATOR not in cell:  # most cells, by far
        return (cell.strip(),) if cell.strip() else ()
    return tuple(part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip())
