"""The operator's pages are true: operate.md is walked, cli.md is what the code says."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from corpus_files import SHIPPED
from openpyxl import load_workbook

from hytki_match import cli, cli_build
from hytki_match.cli_reference import reference
from hytki_match.index.versions import version_names

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
WITHOUT_JSON = {"cases", "completion", "topics"}


def blocks():
    """The console blocks of the walk: lists of (command, expected lines)."""
    text = (DOCS / "operate.md").read_text(encoding="utf-8")
    walk = text.partition("## Somebody else's")[0]
    found = []
    for block in re.findall(r"```console\n(.*?)```", walk, re.DOTALL):
        steps = [step.splitlines() for step in block.removeprefix("$ ").split("\n$ ")]
        found.append([(step[0], step[1:]) for step in steps])
    return found


def edits():
    """The rows of the table of edits: (row, what)."""
    text = (DOCS / "operate.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", text.partition("An `id` may stay")[0], re.MULTILINE)
    return [row for row in rows if row[0] not in ("row", "---")]


def edit(file):
    """Do by hand what the table of edits says."""
    book = load_workbook(file)
    sheet = book["companies"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = {cell.value: cell.row for cell in sheet["A"] if cell.value}
    free = len(rows) + 1
    gone = []
    for row, what in edits():
        if what == "deleted":
            gone.append(rows[row.strip("`")])
        elif row == "new":
            for column, text in re.findall(r"`(\w+)` (.+?)(?=, `|$)", what):
                sheet.cell(free, columns[column], text)
            free += 1
        else:
            column, text = re.fullmatch(r"`(\w+)` becomes `(.+)`", what).groups()
            sheet.cell(rows[row.strip("`")], columns[column], text)
    for number in gone:
        sheet.delete_rows(number)
    book.save(file)


def fits(expected, printed):
    """Tell whether the lines came in this order; an ellipsis stands for anything."""
    lines = iter(printed.splitlines())
    for wanted in expected:
        if wanted == "…":
            continue
        pattern = re.sub(r"([\[\]?*])", r"[\1]", wanted).replace("…", "*")
        assert any(fnmatch.fnmatchcase(line, pattern) for line in lines), (wanted, printed)
    return True


@pytest.mark.slow
def test_the_weekly_update(tmp_path, monkeypatch, capsys, real_index_dir):
    shutil.copytree(SHIPPED, tmp_path / "corpus")
    # The first build finds its texts encoded; that it encodes them is seen elsewhere.
    shutil.copytree(real_index_dir / "vectors", tmp_path / "index" / "vectors")
    judged = tmp_path / "tests" / "judged"
    judged.mkdir(parents=True)
    questions = (ROOT / "tests/judged/questions.csv").read_text(encoding="utf-8").splitlines(True)
    (judged / "questions.csv").write_text("".join(questions[:9]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("CORPUS", "INDEX", "MODEL"):
        monkeypatch.delenv(f"HYTKI_MATCH_{name}", raising=False)
    for number, block in enumerate(blocks()):
        if number == 1:
            edit(tmp_path / "corpus.xlsx")
        for command, expected in block:
            newest = version_names(tmp_path / "index")[-1:]
            arguments = shlex.split(command.replace("promote …", f"promote {''.join(newest)}"))
            assert arguments[0] == "hytki-match"
            with pytest.raises(SystemExit) as stop:
                cli.main(arguments[1:])
            printed = capsys.readouterr()
            assert not stop.value.code, (command, printed.err)
            assert fits(expected, printed.out)
    assert len(edits()) == 6


def test_the_page_of_commands_is_what_the_code_says():
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert written == reference(), "Run: python -m hytki_match.cli_reference > docs/cli.md"


def commands(group, prefix=""):
    for name, command in group.commands.items():
        yield prefix + name, command
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")


def test_every_command_speaks_json():
    for name, command in commands(cli.cli):
        # The adviser's cases are files and a short list, for people.
        if name not in WITHOUT_JSON and name.partition(" ")[0] != "cases":
            options = {option for parameter in command.params for option in parameter.opts}
            assert "--json" in options, name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell, capsys):
    with pytest.raises(SystemExit):
        cli.main(["completion", shell])
    assert "_HYTKI_MATCH_COMPLETE" in capsys.readouterr().out


def test_the_shell_is_offered_versions(tmp_path, monkeypatch, capsys):
    (tmp_path / "versions" / "20260101T0Z").mkdir(parents=True)
    monkeypatch.setenv("HYTKI_MATCH_INDEX", str(tmp_path))
    monkeypatch.setenv("_HYTKI_MATCH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "hytki-match promote 2")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        cli.main([])
    assert capsys.readouterr().out == "plain,20260101T0Z\n"


def test_an_encoder_is_measured_in_json(tmp_path, capsys):
    (tmp_path / "pairs.tsv").write_text("uni\tsleep\nsydän\theart\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        cli.main(["evaluate-encoder", str(tmp_path), "--json"])
    assert not stop.value.code
    (found,) = json.loads(capsys.readouterr().out)["bundled"]
    assert (found["name"], found["pairs"]) == ("pairs", 2)


def test_checking_tells_how_far_it_is(corpus, monkeypatch, capsys):
    monkeypatch.setattr(cli_build, "LINE_SECONDS", 0.0)
    with pytest.raises(SystemExit) as stop:
        cli.main(["--corpus", str(corpus), "check"])
    assert not stop.value.code
    printed = capsys.readouterr()
    assert re.search(r"^Encoding texts: (\d+)/\1, ", printed.err, re.MULTILINE)
    assert "is in order" in printed.out
