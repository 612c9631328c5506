"""Forgetting a person: everywhere, whole or not at all, and with a proof that is true."""

from __future__ import annotations

import dataclasses
import gzip
import io
import shlex
import unicodedata
import zipfile
from base64 import b64encode

import pytest
from corpus_files import edit_cell
from fake_encoder import FakeEncoder
from fpdf import FPDF
from PIL import Image

from hytki_match import cli
from hytki_match.corpus import check_corpus
from hytki_match.errors import CorpusError, ForgetError
from hytki_match.index import build_index, ensure_index, layout, open_index, versions
from hytki_match.index.vectors import VectorCache
from hytki_match.settings import Settings
from hytki_match.upkeep import cleaning, forgetting
from hytki_match.upkeep.forgetting import forget, would_forget
from hytki_match.upkeep.searching import Search, search
from hytki_match.upkeep.taking_out import export_tables, noted_exports


@pytest.fixture
def known_everywhere(corpus, index_dir, tmp_path):
    """Settings of a corpus whose contact ``lab-desk`` stands in all that the tool writes."""
    settings = Settings(corpus, index_dir)
    for name in ("Neuvonta A", "Datalaboratorion neuvonta"):
        edit_cell(corpus, "contacts", "lab-desk", "name", name)
        build_index(corpus, index_dir, FakeEncoder())
    export_tables(settings, tmp_path / "all.xlsx", ("companies", "contacts"))
    export_tables(settings, tmp_path / "contacts.csv", ("contacts",))
    return settings


MARKS = ["lab-desk", "Neuvonta A", "Datalaboratorion neuvonta", "desk@lab.example.org"]


def places(settings, tmp_path):
    return [settings.corpus_dir, settings.index_dir, tmp_path]


def test_a_contact_is_forgotten_everywhere(known_everywhere, tmp_path):
    assert len(search(MARKS, places(known_everywhere, tmp_path)).left) > len(MARKS)
    found = forget("contacts/lab-desk", known_everywhere, FakeEncoder())
    assert (found.left, found.unsearched, found.gone) == ((), (), ())
    assert len(found.done) == 5
    assert search(MARKS, places(known_everywhere, tmp_path)) == Search((), ())
    assert check_corpus(known_everywhere.corpus_dir) == ()
    index = open_index(known_everywhere.index_dir)
    assert list(index.corpus.contacts) == ["contacts/test-desk"]
    assert versions.version_names(known_everywhere.index_dir) == [index.manifest.version]
    with pytest.raises(ForgetError, match="No table and no version has the contact"):
        forget("lab-desk", known_everywhere, FakeEncoder())


def test_a_known_question_forgets_whom_to_call(known_everywhere):
    questions = known_everywhere.corpus_dir / "questions.csv"
    questions.write_text(
        "language,question,answers,useful,contacts\n"
        "fi,Kuka mittaa unta?,companies/sleepy,,contacts/test-desk;contacts/lab-desk\n"
        "en,Who is there?,,,contacts/lab-desk\n",
        encoding="utf-8",
    )
    build_index(known_everywhere.corpus_dir, known_everywhere.index_dir, FakeEncoder())
    found = forget("lab-desk", known_everywhere, FakeEncoder())
    assert found.left == ()
    assert f"Took the contact out of 2 known questions in {questions}." in found.done
    assert questions.read_text(encoding="utf-8").splitlines()[1:] == [
        "fi,Kuka mittaa unta?,companies/sleepy,,contacts/test-desk",
        "en,Who is there?,,,",
    ]
    kept = open_index(known_everywhere.index_dir).corpus.questions
    assert [list(question.contacts) for question in kept] == [["contacts/test-desk"], []]


def test_what_a_text_says_of_the_contact_is_pointed_out(known_everywhere, tmp_path):
    corpus = known_everywhere.corpus_dir
    edit_cell(corpus, "companies", "sleepy", "description_en", "Ask Datalaboratorion neuvonta.")
    (tmp_path / "notes.txt").write_text("Called DESK@lab.example.org")
    left = forget("lab-desk", known_everywhere, FakeEncoder(), [tmp_path / "notes.txt"]).left
    assert any("companies.csv still holds 'Datalaboratorion neuvonta'" in place for place in left)
    assert any("notes.txt still holds 'desk@lab.example.org'" in place for place in left)


def test_names_are_found_however_a_file_writes_them(tmp_path):
    workbook = tmp_path / "export.xlsx"
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", "<t>Kysy: Jaana</t><t> M&#228;kel&#xE4;</t>")
    wide = tmp_path / "wide.csv"
    wide.write_text("Jaana Mäkelä", encoding="utf-16")
    found = search(["Jaana Mäkelä"], [tmp_path])
    assert found.left == tuple(f"{file} still holds 'Jaana Mäkelä'." for file in (workbook, wide))


@pytest.mark.parametrize(
    "data",
    [
        "Jaana Mäkelä".encode("latin-1"),
        unicodedata.normalize("NFD", "Jaana Mäkelä").encode(),
        b'{"n": "Jaana M\\u00e4kel\\u00e4"}',
        b"Jaana M&auml;kel&auml;",
        "MÄKELÄ JAANA".encode(),
        b"mailto:jaana.makela%40example.org",
        b"+358294487153",
        b"029 448-7153",
        b"Subject: x\nContent-Transfer-Encoding: base64\n\n" + b64encode("Jaana Mäkelä".encode()),
        b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\nJaana M=C3=A4kel=C3=A4",
    ],
)
def test_a_person_is_found_in_whatever_way_it_is_written(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    marks = ["Jaana Mäkelä", "jaana.makela@example.org", "+358 29 448 7153"]
    assert len(search(marks, [tmp_path]).left) == 1


def test_what_the_web_keeps_is_searched_too(known_everywhere, tmp_path):
    kept = tmp_path / "feedback.db"
    kept.write_bytes(b"\0Datalaboratorion neuvonta\0")
    settings = dataclasses.replace(known_everywhere, feedback_file=kept)
    assert any("feedback.db" in place for place in forget("lab-desk", settings, FakeEncoder()).left)


def test_a_mailbox_that_another_contact_shares_may_stay(known_everywhere):
    edit_cell(known_everywhere.corpus_dir, "contacts", "test-desk", "email", "desk@lab.example.org")
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()


def test_the_page_of_an_organisation_is_not_the_contacts_alone(known_everywhere):
    page = "https://lab.example.org/whole-site"
    for table, row_id in (("contacts", "lab-desk"), ("organisations", "turku-lab")):
        edit_cell(known_everywhere.corpus_dir, table, row_id, "url", page)
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()
    assert page in (known_everywhere.corpus_dir / "organisations.csv").read_text()


@pytest.mark.parametrize(
    "at", ["_remove_from_tables", "_rebuild", "remove_from_export", "noted_exports"]
)
def test_forgetting_goes_on_after_it_was_stopped(known_everywhere, tmp_path, monkeypatch, at):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(forgetting, at, stop)
        forget("lab-desk", known_everywhere, FakeEncoder())
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()
    assert search(MARKS, places(known_everywhere, tmp_path)) == Search((), ())
    assert not (known_everywhere.index_dir / layout.FORGETTING).exists()


def pdf(text):
    """A PDF with a page; without a text the page is a picture."""
    document = FPDF()
    document.add_page()
    document.set_font("helvetica")
    if text:
        document.multi_cell(40, text=text)
    else:
        picture = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture, "PNG")
        document.image(picture)
    return bytes(document.output())


@pytest.mark.parametrize(
    ("data", "left", "unsearched"),
    [
        (pdf("Kysy: Datalaboratorion neuvonta"), True, ""),  # divided between two lines
        (pdf("Kysy muilta"), False, ""),
        (pdf(""), False, "a PDF whose page 1 is a picture"),
        (b"%PDF-1.4 and no more", False, "a PDF that cannot be read"),
        (gzip.compress(b"Datalaboratorion neuvonta", mtime=0), False, "packed (gzip)"),
        (b"Datalaboratorion\nNEUVONTA", True, ""),
    ],
)
def test_a_file_is_searched_or_said_not_to_be(tmp_path, data, left, unsearched):
    for name, content in (("plain", data), ("in.zip", zipped(data))):
        file = tmp_path / name
        file.write_bytes(content)
        found = search(["Datalaboratorion neuvonta"], [file])
        assert bool(found.left) == left
        assert [unsearched in sentence for sentence in found.unsearched] == [True] * bool(
            unsearched
        )


def zipped(data):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inner", data)
    return stream.getvalue()


def test_a_mistake_in_another_table_stops_it_before_anything_is_written(known_everywhere, tmp_path):
    edit_cell(known_everywhere.corpus_dir, "companies", "sleepy", "region_id", "ulou")
    before = contents(tmp_path)
    with pytest.raises(CorpusError, match=r"companies\.csv"):
        forget("lab-desk", known_everywhere, FakeEncoder())
    assert contents(tmp_path) == before


def contents(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_is_left_can_be_mended_and_proved_afterwards(known_everywhere):
    corpus = known_everywhere.corpus_dir
    text = "Ask Datalaboratorion neuvonta."
    edit_cell(corpus, "companies", "sleepy", "description_en", text)
    first = forget("lab-desk", known_everywhere, FakeEncoder())
    assert first.left
    assert "Datalaboratorion neuvonta" in first.marks
    names = first.marks[1:]
    assert forget("lab-desk", known_everywhere, FakeEncoder(), named=names).left == first.left
    edit_cell(corpus, "companies", "sleepy", "description_en", "Ask us about the sleep of people.")
    build_index(corpus, known_everywhere.index_dir, FakeEncoder())
    versions.prune(known_everywhere.index_dir, keep=1)
    assert forget("lab-desk", known_everywhere, FakeEncoder(), named=names).left == ()
    assert "Datalaboratorion" not in str(contents(known_everywhere.index_dir))


def test_a_contact_that_only_an_old_version_has_is_forgotten(known_everywhere):
    table = known_everywhere.corpus_dir / "contacts.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("lab-desk")), "utf-8")
    found = forget("lab-desk", known_everywhere, FakeEncoder())
    assert {"Neuvonta A", "Datalaboratorion neuvonta"} <= {*found.marks}
    assert found.left == ()


def test_an_export_that_cannot_be_cleaned_is_told(known_everywhere, tmp_path):
    (tmp_path / "contacts.csv").unlink()
    (tmp_path / "all.xlsx").write_bytes(zipped(b"lab-desk"))
    found = forget("lab-desk", known_everywhere, FakeEncoder())
    (gone,) = found.gone
    assert gone.startswith(f"{tmp_path / 'contacts.csv'} is not there any more. Search it where")
    assert gone.endswith(f"say so: --deleted {tmp_path / 'contacts.csv'}")
    assert any("all.xlsx cannot be changed: it is no table" in place for place in found.left)
    assert any("all.xlsx still holds 'lab-desk'" in place for place in found.left)


def test_an_export_that_could_not_be_changed_is_done_by_the_same_command(
    known_everywhere, tmp_path, monkeypatch
):
    export = tmp_path / "contacts.csv"
    with monkeypatch.context() as patch:
        write = cleaning.replace_file

        def refuse(file, data):
            if file == export:
                raise PermissionError(13, "Permission denied")
            write(file, data)

        patch.setattr(cleaning, "replace_file", refuse)
        found = forget("lab-desk", known_everywhere, FakeEncoder())
    assert any("Permission denied" in place for place in found.left)
    assert forget("lab-desk", known_everywhere, FakeEncoder()).left == ()
    assert search(MARKS, places(known_everywhere, tmp_path)) == Search((), ())


@pytest.fixture
def run(known_everywhere, monkeypatch, capsys):
    """Run forget with the folders of ``known_everywhere``; gives (exit code, stdout)."""
    monkeypatch.setattr("hytki_match.encoder.load_encoder", lambda _: FakeEncoder())

    def command(*arguments):
        with pytest.raises(SystemExit) as stop:
            cli.main([*folders(known_everywhere), "forget", "lab-desk", *arguments])
        return stop.value.code or 0, capsys.readouterr().out

    return command


def folders(settings):
    return ["--corpus", str(settings.corpus_dir), "--index", str(settings.index_dir)]


def test_a_version_that_still_names_the_person_is_told_how_to_mend(known_everywhere, run):
    corpus = known_everywhere.corpus_dir
    edit_cell(corpus, "companies", "sleepy", "description_en", "Ask Datalaboratorion neuvonta.")
    assert "once they are mended" not in run("--yes")[1]
    build_index(corpus, known_everywhere.index_dir, FakeEncoder())
    code, out = run("--yes", "--named", "Datalaboratorion neuvonta")
    assert (code, "once they are mended, hytki-match build, then" in out) == (1, True)


def test_the_command_tells_what_is_proved(known_everywhere, run, tmp_path, capsys):
    before = contents(tmp_path)
    for option, code in (("--dry-run", 0), ("--json", 3), ("--also=.", 3)):
        assert run(option)[0] == code
        assert contents(tmp_path) == before
    (tmp_path / "old.gz").write_bytes(gzip.compress(b"", mtime=0))
    code, out = run("--yes", f"--also={tmp_path / 'old.gz'}")
    assert code == 1
    assert "So it is not proved" in out
    again = shlex.split(out.splitlines()[-1].partition("search again: ")[2])
    assert again[:6] == ["hytki-match", *folders(known_everywhere), "forget"]
    assert again[-3:] == ["--also", str(tmp_path / "old.gz"), "--yes"]
    with pytest.raises(SystemExit) as stop:
        cli.main(again[1:])  # searches the same places, so it proves no more
    assert (stop.value.code, "old.gz" in capsys.readouterr().out) == (1, True)
    (tmp_path / "old.gz").write_bytes(b"")
    code, out = run(*again[7:])
    assert (code, out) == (0, "Nothing that was searched names lab-desk any more.\n")
    with pytest.raises(ForgetError, match=r"Contacts: test-desk\. .* --named NAME"):
        forget("lab-desk", known_everywhere, FakeEncoder())


@pytest.mark.parametrize("typed", ["lab-dsek", "contacts/lab-dekk", "Läb Desk"])
def test_a_misspelt_contact_is_told_the_nearest(corpus, index_dir, typed):
    with pytest.raises(ForgetError, match=r"Did you mean 'lab-desk'\?") as refused:
        would_forget(typed, Settings(corpus, index_dir))
    assert "Datalaboratorion" not in str(refused.value)


NAMED = "Ask Datalaboratorion neuvonta about sleep."


def test_only_texts_without_a_vector_are_encoded_and_no_other_vector_stays(known_everywhere):
    corpus, index_dir = known_everywhere.corpus_dir, known_everywhere.index_dir
    edit_cell(corpus, "companies", "sleepy", "description_en", NAMED)
    old = build_index(corpus, index_dir, FakeEncoder())
    build_index(corpus, index_dir, FakeEncoder("fake-2"))
    (index_dir / layout.VECTORS / ".left.npy.new").write_bytes(b"")
    edit_cell(corpus, "companies", "sleepy", "description_en", "Ask about sleep.")
    encoder = FakeEncoder()
    found = forget("lab-desk", known_everywhere, encoder, from_tables=True)
    assert encoder.encoded == 1
    assert "and all vectors of texts that this one does not have." in found.done[-3]
    cache = VectorCache(FakeEncoder(), index_dir)
    named = [passage.text for passage in old.passages if NAMED in passage.text]
    assert len(named) == 1
    assert not cache.find(named)[0].any()
    assert not VectorCache(FakeEncoder("fake-2"), index_dir).find([old.passages[0].text])[0].any()
    assert len([*(index_dir / layout.VECTORS).iterdir()]) == 2


def test_a_cache_with_more_than_the_texts_goes(known_everywhere, monkeypatch):
    monkeypatch.setattr(VectorCache, "remove_others", lambda self: None)
    index_dir = known_everywhere.index_dir
    (index_dir / layout.VECTORS / "more.npy").write_bytes(b"?")
    found = forget("lab-desk", known_everywhere, FakeEncoder())
    assert "Removed all other versions and the vector cache." in found.done
    assert not (index_dir / layout.VECTORS).exists()


def test_what_a_cache_holds_is_read_from_it(corpus, index_dir):
    index = build_index(corpus, index_dir, FakeEncoder())
    texts = [passage.text for passage in index.passages]
    cache = VectorCache(FakeEncoder(), index_dir)
    assert cache.holds_only(texts)
    assert not cache.holds_only(texts[1:])


def test_an_export_that_was_deleted_is_looked_for_no_more(known_everywhere, tmp_path):
    for name in ("contacts.csv", "all.xlsx"):
        export = tmp_path / name
        with pytest.raises(ForgetError, match=f"{name} is not deleted"):
            would_forget("lab-desk", known_everywhere, deleted=[export])
        export.unlink()
    unnoted = tmp_path / "alll.xlsx"
    found = forget("lab-desk", known_everywhere, FakeEncoder(), deleted=[export, unnoted])
    assert f"Took the export {export} off the list: deleted." in found.done
    assert len(found.gone) == 1
    again = {"named": found.marks, "deleted": [tmp_path / "contacts.csv", export]}
    found = forget("lab-desk", known_everywhere, FakeEncoder(), **again)
    assert (found.left, found.unsearched, found.gone) == ((), (), ())
    assert not noted_exports(known_everywhere.index_dir)


@pytest.fixture
def rolled_back(known_everywhere):
    """The same, after what the tables hold was rolled back; gives the name that serves."""
    edit_cell(known_everywhere.corpus_dir, "companies", "sleepy", "name", "Spoilt Oy")
    build_index(known_everywhere.corpus_dir, known_everywhere.index_dir, FakeEncoder())
    return versions.rollback(known_everywhere.index_dir).version


def served_name(settings):
    return open_index(settings.index_dir).corpus.records["companies/sleepy"].name.fi


@pytest.mark.parametrize("stopped_at", [None, "_rebuild", "prune"])
def test_what_was_rolled_back_stays_out_when_a_person_goes(
    known_everywhere, rolled_back, monkeypatch, stopped_at
):
    told = "\n".join(would_forget("lab-desk", known_everywhere))
    assert f"! The tables hold what version {rolled_back}, which serves, does not" in told
    assert "0 rows added, 1 changed, 0 removed (companies/sleepy). They were rolled back" in told
    if stopped_at:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(forgetting, stopped_at, stop)
            forget("lab-desk", known_everywhere, FakeEncoder())
    found = forget("lab-desk", known_everywhere, FakeEncoder())
    assert (found.left, served_name(known_everywhere)) == ((), "Sleepy Oy")
    assert list(open_index(known_everywhere.index_dir).corpus.contacts) == ["contacts/test-desk"]
    folders = known_everywhere.corpus_dir, known_everywhere.index_dir
    held = ensure_index(*folders, FakeEncoder())
    assert (bool(held.held_back), served_name(known_everywhere)) == (True, "Sleepy Oy")
    assert search(MARKS, folders).left == ()


def stop(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("from_tables", "serves"), [(False, "Sleepy Oy"), (True, "New Oy")])
def test_what_was_never_built_comes_in_by_a_word_only(known_everywhere, from_tables, serves):
    edit_cell(known_everywhere.corpus_dir, "companies", "sleepy", "name", "New Oy")
    told = "\n".join(would_forget("lab-desk", known_everywhere, from_tables=from_tables))
    assert ("comes into service (--from-tables)" in told) == from_tables
    assert "rolled back" not in told
    found = forget("lab-desk", known_everywhere, FakeEncoder(), from_tables=from_tables)
    assert (found.left, served_name(known_everywhere)) == ((), serves)
    assert any("None of that was brought in" in done for done in found.done) != from_tables
    ensure_index(known_everywhere.corpus_dir, known_everywhere.index_dir, FakeEncoder())
    assert served_name(known_everywhere) == "New Oy"


def test_where_no_version_can_serve_what_was_rolled_back_needs_a_word(
    known_everywhere, rolled_back
):
    for folder in (known_everywhere.index_dir / layout.VERSIONS).iterdir():
        (folder / layout.RECORDS).unlink()
    told = "\n".join(would_forget("lab-desk", known_everywhere))
    assert "! The version that serves cannot be opened: an earlier one serves again" in told
    before = contents(known_everywhere.corpus_dir)
    with pytest.raises(ForgetError, match="give --from-tables"):
        forget("lab-desk", known_everywhere, FakeEncoder())
    assert contents(known_everywhere.corpus_dir) == before
    forget("lab-desk", known_everywhere, FakeEncoder(), from_tables=True)
    assert served_name(known_everywhere) == "Spoilt Oy"


def test_an_index_without_rights_is_told_in_a_sentence(known_everywhere, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "index/versions")

    monkeypatch.setattr("hytki_match.upkeep.marks.version_names", refuse)
    for act in (would_forget, lambda *those: forget(*those, FakeEncoder())):
        with pytest.raises(ForgetError) as refused:
            act("lab-desk", known_everywhere)
        problem = "index/versions cannot be read or changed: Permission denied."
        assert refused.value.problem == problem
