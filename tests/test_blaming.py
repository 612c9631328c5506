"""Where a mistake was made: in a file's cell, in its mapping, in a calendar or in what was set."""

from __future__ import annotations

import pytest
from test_calendar_events import START, calendar

from hytki_match.errors import HytkiMatchError
from hytki_match.nearest import did_you_mean
from hytki_match.upkeep.bringing_in import plan_import, sheet_rows
from hytki_match.upkeep.calendar import read_events
from hytki_match.upkeep.known_events import recognise
from hytki_match.upkeep.mapping import read_mapping

CELLS = {
    "Yritys": "Uni Oy",
    "Alue": "Oulun seutu",
    "Kuvaus": "Mittaa unta kotona.",
    "Aiheet": "sleep",
    "Lähde": "Jäsenlista",
}
COLUMNS = """[columns]
name = "Yritys"
region_id = "Alue"
description_fi = "Kuvaus"
topics = "Aiheet"
source_url = "Lähde"
[values.region_id]
"Oulun seutu" = "oulu"
"""


def told(run, *arguments):
    with pytest.raises(HytkiMatchError) as refused:
        run(*arguments)
    assert "cells" not in str(refused.value)
    return str(refused.value)


def brought_in(corpus, tmp_path, mapping, cells):
    file, map_file = tmp_path / "jasenet.csv", tmp_path / "map.toml"
    file.write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n", encoding="utf-8")
    map_file.write_text(mapping, encoding="utf-8")
    incoming = sheet_rows(file, ["companies"], read_mapping(map_file, "companies"))
    return plan_import(corpus, file, incoming.rows, blames=incoming.blames)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            "[columns]",
            "shet = 'x'\n[columns]",
            "map.toml: 'shet' is no part of a mapping. Did you m",
        ),
        (
            "[columns]",
            "sheet = 'Jasenet'\n[columns]",
            "map.toml, sheet: 'Jasenet' is no sheet of jas",
        ),
        (
            "name =",
            "nme =",
            "map.toml, columns: 'nme' is no column of companies. Did you mean 'name'?",
        ),
        (
            "Yritys",
            "Yrits",
            "map.toml, columns, name: 'Yrits' is no header of jasenet.csv. Did you mea",
        ),
        (
            '"oulu"',
            '"ouluu"',
            "row 2, column Alue (our region_id), by values.region_id of map.toml: 'ouluu' is",
        ),
        (
            "[values",
            "[defaults]\nas_of = '26'\n[values",
            "map.toml, defaults, as_of: '26' is no date",
        ),
        (
            "Oulun",
            "Turun",
            "jasenet.csv, row 2, column Alue (our region_id): 'Oulun seutu' is not an",
        ),
        (
            'source_url = "Lähde"',
            "",
            "jasenet.csv, row 2: needs source_url, and no header of the file",
        ),
        (
            "[columns]",
            "[columns",
            "map.toml cannot be used as a mapping:\n  map.toml: is no TOML: Expe",
        ),
    ],
)
def test_a_mapping_or_its_file_is_blamed(corpus, tmp_path, old, new, place):
    brought_in(corpus, tmp_path, COLUMNS, CELLS)
    assert place in told(brought_in, corpus, tmp_path, COLUMNS.replace(old, new, 1), CELLS)


def add(corpus, tmp_path, set_cells):
    file = calendar(tmp_path, *([f"SUMMARY:Päivä {n}", "URL:x:", START] for n in "ab"))
    incoming = recognise(read_events(file, set_cells), corpus)
    return plan_import(corpus, file, incoming.rows, blames=incoming.blames)


def test_a_calendar_or_what_was_set_is_blamed(corpus, tmp_path):
    found = told(add, corpus, tmp_path, {"region_id": "ouluu"})
    assert (
        found.count("--set region_id: 'ouluu' is not an id of regions.csv. Did you mean 'oulu'?")
        == 1
    )
    assert "event 2: has no topics. Give it: --set topics=TEXT" in found
    assert "event 1, url: 'x:' is not a web address" in found


def test_a_file_without_the_sheet_names_those_there_are(corpus, tmp_path):
    file = tmp_path / "compnies.csv"
    file.write_text("name\nx\n")
    found = told(sheet_rows, file, ["companies", "tools"], read_mapping_of(tmp_path, ""))
    assert "Did you mean 'compnies'?" in found
    assert "Sheets of compnies.csv: compnies" in found


def read_mapping_of(tmp_path, text):
    (tmp_path / "map.toml").write_text(text)
    return read_mapping(tmp_path / "map.toml", "companies")


def test_the_nearest_name_is_offered_whatever_its_case():
    assert did_you_mean("OULUU", ["Oulu", "turku"]) == "Did you mean 'Oulu'?"
    assert did_you_mean("zzz", ["Oulu"]) == ""
