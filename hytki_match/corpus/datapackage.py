"""The corpus as a Frictionless data package: ``python -m hytki_match.corpus.datapackage``.

Prints what ``corpus/datapackage.json`` must hold (specs.frictionlessdata.io, version 1); a test
compares the two, so that the file cannot say anything else than the code.
"""

from __future__ import annotations

import json
from typing import Any

import click

from hytki_match.corpus.schema import COLUMNS, EXTRA_REGIONS, Column, file_name

_TITLES = {
    "regions": "Regions",
    "topics": "Topics: the controlled vocabulary",
    "organisations": "Organisations and networks",
    "contacts": "Published work contacts",
    "competences": "Competences of the regions",
    "tools": "Tools, services, data sources and funding",
    "companies": "Companies",
    "events": "Events",
    "stages": "Stages of the 4i model",
}


def data_package() -> dict[str, Any]:
    """Return the descriptor of the corpus."""
    return {
        "name": "hytki-match-corpus",
        "title": "HYTKI Match: health and wellbeing data competence in Finland",
        "description": (
            "What Finnish regions can do with health and wellbeing data: competences, tools, "
            "companies, events, organisations and contacts, in Finnish and English, with sources."
        ),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "keywords": ["health data", "wellbeing data", "Finland", "terveysdata", "hyvinvointidata"],
        "resources": [_resource(table, columns) for table, columns in COLUMNS.items()],
    }


def data_package_text() -> str:
    """Return the descriptor as the file holds it."""
    return json.dumps(data_package(), ensure_ascii=False, indent=2) + "\n"


def _resource(table: str, columns: tuple[Column, ...]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in columns],
        "primaryKey": ["id"],
        "missingValues": [""],
    }
    keys = [_foreign_key(column) for column in columns if _has_foreign_key(column)]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table,
        "title": _TITLES[table],
        "path": file_name(table),
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "format": "csv",
        "mediatype": "text/csv",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required or column.bilingual:
        constraints["required"] = True
    if column.name == "id":
        constraints["unique"] = True
    if column.values and not column.many:
        constraints["enum"] = list(column.values)
    field: dict[str, Any] = {"name": column.name, "description": _description(column)}
    field["type"] = "number" if column.form == "degrees" else "string"
    if column.form == "date":
        field["type"] = "date"
    if column.form == "degrees":
        constraints |= {"minimum": column.least, "maximum": column.most}
    if column.form in ("email", "web"):
        field["format"] = {"email": "email", "web": "uri"}[column.form]
    return field | ({"constraints": constraints} if constraints else {})


def _description(column: Column) -> str:
    notes = [column.means]
    if column.many:
        notes.append("a list with ; between its parts")
    if column.many and column.values:
        notes.append(f"each one of {', '.join(column.values)}")
    if column.bilingual:
        notes.append("- if there is none")
    if column.refers_to:
        also = f", {' or '.join(EXTRA_REGIONS)}" if column.refers_to == "regions" else ""
        notes.append(f"ids of {file_name(column.refers_to)}{also}")
    return "; ".join(notes)


def _has_foreign_key(column: Column) -> bool:
    # Lists and the region values without a row are outside what the specification can say.
    return bool(column.refers_to) and not column.many and column.refers_to != "regions"


def _foreign_key(column: Column) -> dict[str, Any]:
    return {
        "fields": [column.name],
        "reference": {"resource": column.refers_to, "fields": ["id"]},
    }


if __name__ == "__main__":
    click.echo(data_package_text(), nl=False)
