"""The adviser's commands: what they print and write, and how they refuse."""

from __future__ import annotations

import json

import pytest

from hytki_match import cli
from hytki_match.adviser.case import Case
from hytki_match.adviser.storage import CaseStore

NEED = "Olemme pieni yritys. Tarvitsemme unen mittausta. Etsimme myös sairaalan dataa tutkimukseen."


@pytest.fixture
def run(corpus, index_dir, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("HYTKI_MATCH_CORPUS", str(corpus))
    monkeypatch.setenv("HYTKI_MATCH_INDEX", str(index_dir))
    monkeypatch.setenv("HYTKI_MATCH_CASES", f"sqlite:///{tmp_path / 'cases.db'}")

    def command(*arguments):
        with pytest.raises(SystemExit) as stop:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stop.value.code or 0, printed.out, printed.err

    return command


@pytest.fixture
def need(tmp_path):
    file = tmp_path / "need.txt"
    file.write_text(NEED, encoding="utf-8")
    return file


def test_a_shortlist_as_text_parts_json_and_documents(run, need, tmp_path):
    run("build")
    assert run("shortlist", need, "--parts")[1] == (
        "1. Tarvitsemme unen mittausta.\n2. Etsimme myös sairaalan dataa tutkimukseen.\n"
    )
    code, out, err = run("shortlist", need, "--only-in", "oulu")
    assert (code, err) == (0, "")
    assert "EHDOTETTU KUMPPANIJOUKKO" in out and "Vain näiltä alueilta: Oulu" in out
    day = ("--today", "2026-01-15")
    _, out, _ = run("shortlist", need, "--json", "--max-partners", "1", *day)
    found = json.loads(out)
    assert found["case"]["limits"]["max_partners"] == 1
    assert len(found["consortium"]) <= 1
    for name in ("out.docx", "out.pdf"):
        file = tmp_path / name
        assert run("shortlist", need, f"--{file.suffix[1:]}", file, *day)[0] == 0
        first = file.read_bytes()
        run("shortlist", need, f"--{file.suffix[1:]}", file, *day)
        assert file.read_bytes() == first


def test_must_and_must_not_take_a_bare_id(run, need):
    run("build")
    _, out, _ = run("shortlist", need, "--json", "--must", "sleepy")
    assert "companies/sleepy" in [p["doc_id"] for p in json.loads(out)["consortium"]]
    _, out, _ = run("shortlist", need, "--json", "--must-not", "companies/sleepy")
    assert "companies/sleepy" not in [p["doc_id"] for p in json.loads(out)["consortium"]]


def test_wishes_about_regions_can_be_changed_and_taken_away(run, tmp_path):
    run("build")
    file = tmp_path / "wish.txt"
    file.write_text("Etsimme sairaalan dataa tutkimukseen. Mieluiten Turusta, ei Kuopiosta.")
    for options, preferred, unwanted in (
        ((), ["turku"], ["kuopio"]),
        (("--prefer", "kuopio"), ["kuopio"], []),
        (("--not-in", "oulu"), ["turku"], ["oulu"]),
        (("--anywhere",), [], []),
        (("--anywhere", "--prefer", "oulu"), ["oulu"], []),
    ):
        limits = json.loads(run("shortlist", file, "--json", *options)[1])["case"]["limits"]
        assert (limits["preferred"], limits["unwanted"]) == (preferred, unwanted), options
    _, out, _ = run("shortlist", file)
    assert (
        "Kumppaneita toivotaan Turusta. Kumppaneita ei haluta Kuopiosta. Toiveita voi muuttaa"
        " valinnoilla"
        " --prefer, --not-in ja --anywhere."
    ) in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--regions", "oulo"), "Did you mean oulu?"),
        (("--prefer", "oulo"), "Did you mean oulu?"),
        (("--prefer", "oulu", "--not-in", "turku,oulu"), "both name oulu"),
        (("--only-in", "mars"), "not a region"),
        (("--must", "sleepi"), "Did you mean sleepy?"),
        (("--max-partners", "0"), "0"),
        (("--must", "sleepy", "--must-not", "companies/sleepy"), "both name companies/sleepy"),
        (("--docx", "/nonexistent/out.docx"), "'/nonexistent' is not there"),
        (("--pdf", "/nonexistent/out.pdf"), "'/nonexistent' is not there"),
    ],
)
def test_a_wrong_limit_is_refused_with_the_nearest(run, need, arguments, said):
    run("build")
    code, out, err = run("shortlist", need, *arguments)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_a_file_that_cannot_be_written_is_told_without_a_traceback(run, need, tmp_path):
    run("build")
    assert run("cases", "export", "/nonexistent/cases.json")[0] == 2
    for option, device in (("--docx", "/dev/full"), ("--pdf", "/dev/full")):
        code, _, err = run("shortlist", need, option, device)
        assert code == 1
        assert err.startswith("hytki-match: /dev/full cannot be written: ")


def test_a_need_that_cannot_be_read_is_refused(run, tmp_path):
    run("build")
    file = tmp_path / "need.docx"
    file.write_bytes(b"no zip")
    code, _, err = run("shortlist", file)
    assert code == 1
    assert "no Word document" in err


def test_cases_are_listed_exported_restored_erased_and_taken_in(run, tmp_path):
    store = CaseStore(f"sqlite:///{tmp_path / 'cases.db'}")
    case_id = store.create(Case("", "Uni", NEED), "anna").case.case_id
    store.close()
    assert "anna  Uni" in run("cases", "list")[1]
    assert json.loads(run("cases", "list", "--json")[1])[0]["case_id"] == case_id
    file = tmp_path / "export.json"
    assert run("cases", "export", file)[0] == 0
    assert run("cases", "erase", case_id)[0] == 3
    assert run("cases", "erase", case_id, "--yes")[0] == 0
    assert run("cases", "list")[1] == ""
    assert "Took in 1" in run("cases", "import", file)[1]
    file.write_bytes(file.read_bytes().replace("ö".encode(), b"\xf6") + b"\n\xf6")
    code, _, err = run("cases", "import", file)
    assert code == 1 and "is not written in UTF-8" in err
    code, _, err = run("cases", "restore", case_id)
    assert code == 1 and "no case" in err
