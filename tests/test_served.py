"""What served is noted: a rollback goes back to it, and a build does not bring the rest back."""

from __future__ import annotations

import json

import pytest
from corpus_files import edit_cell
from fake_encoder import FakeEncoder

from hytki_match import cli
from hytki_match.errors import BuildError, EvaluationError, GateError, Mistake, VersionError
from hytki_match.index import build_index, ensure_index, layout, versions
from hytki_match.index.build import BuildOptions
from hytki_match.index.served import Record, read_record
from hytki_match.index.store import current_version

REFUSING = BuildOptions(gate=lambda _: ["nDCG@10 changed by -0.1000"])


@pytest.fixture
def build(corpus, index_dir):
    """Build a version whose content is a name; gives the name of the version."""

    def one(name, options=BuildOptions()):  # noqa: B008 - it cannot be changed
        edit_cell(corpus, "companies", "sleepy", "name", f"{name} Oy")
        try:
            return build_index(corpus, index_dir, FakeEncoder(), None, options).manifest.version
        except GateError as refused:
            return refused.version

    return one


@pytest.fixture
def again(corpus, index_dir):
    """Do what ``build`` does: build only if needed."""
    return lambda **options: ensure_index(corpus, index_dir, FakeEncoder(), **options)


def serving(index_dir):
    return current_version(index_dir)[0]


def states(index_dir):
    return [(v.served, v.rolled_back) for v in versions.list_versions(index_dir)]


def test_a_version_that_never_served_is_passed_over(build, index_dir):
    first, _, last = build("A"), build("B", REFUSING), build("C")
    assert states(index_dir) == [(True, False), (False, False), (True, False)]
    assert versions.find_version(index_dir, "previous") == first
    assert versions.rollback(index_dir).version == first == serving(index_dir)
    assert states(index_dir) == [(True, False), (False, False), (True, True)]
    assert versions.promote(index_dir, last).version == last
    assert states(index_dir) == [(True, False), (False, False), (True, False)]
    assert versions.promote(index_dir, "previous").version == first


def test_what_was_rolled_back_is_not_brought_back(build, again, index_dir):
    first, bad = build("A"), build("B")
    versions.rollback(index_dir)
    found = again()
    assert (found.built, found.held_back, found.index.manifest.version) == (False, bad, first)
    forced = again(force=True)
    assert (forced.built, serving(index_dir)) == (True, first)
    # What was rolled back is told of the version that was.
    assert [v.rolled_back for v in versions.list_versions(index_dir)] == [False, True, False]
    assert again().held_back == bad
    versions.promote(index_dir, forced.held_back)
    assert (again().built, again().held_back) == (False, "")
    versions.rollback(index_dir)
    assert serving(index_dir) == first


def test_what_a_gate_refused_is_not_let_serve_without_one(build, again, index_dir):
    first, bad = build("A"), build("B", REFUSING)
    assert [version.refused for version in versions.list_versions(index_dir)] == [False, True]
    found = again()
    assert (found.built, found.held_back, found.index.manifest.version) == (False, bad, first)
    assert again(force=True).held_back > bad
    assert [v.refused for v in versions.list_versions(index_dir)] == [False, True, False]
    passing = BuildOptions(gate=lambda _: ())
    assert again(options=passing).index.manifest.version == serving(index_dir) != first
    assert again().held_back == ""


def test_what_no_gate_could_judge_is_held_back(build, again, corpus, index_dir):
    first = build("A")

    def judge(_):
        raise EvaluationError([Mistake("qrels.txt, line 1", "is not a record", "Take it out")])

    edit_cell(corpus, "contacts", "lab-desk", "name", "B")
    with pytest.raises(EvaluationError):
        build_index(corpus, index_dir, FakeEncoder(), options=BuildOptions(gate=judge))
    assert again().index.manifest.version == first == serving(index_dir)


def test_changed_content_is_let_serve(build, again, index_dir):
    first, bad = build("A"), build("B")
    versions.rollback(index_dir)
    good = build("C")
    assert serving(index_dir) == good
    assert versions.rollback(index_dir).version == first
    build("B")  # rolled back before C was
    assert serving(index_dir) == first
    assert again().held_back == bad


def test_promoting_lifts_it_for_good(build, index_dir):
    _, bad = build("A"), build("B")
    versions.rollback(index_dir)
    versions.promote(index_dir, bad)
    build("C")
    assert build("B") == serving(index_dir)


def test_when_nothing_else_can_serve_it_does(build, again, index_dir):
    first, bad = build("A"), build("B")
    versions.rollback(index_dir)
    (index_dir / layout.VERSIONS / first / layout.RECORDS).write_text("")
    found = again()
    assert (found.built, found.held_back) == (True, "")
    assert serving(index_dir) == found.index.manifest.version > bad


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"served": [1], "rolled_back": []}',
        b'{"served": [], "rolled_back": [1]}',
        b'{"served": [], "rolled_back": [], "refused": [1]}',
    ],
)
def test_a_damaged_record_is_no_record(tmp_path, text):
    (tmp_path / layout.SERVED).write_bytes(text)
    assert read_record(tmp_path) == Record(
        problem=f"{tmp_path / layout.SERVED} cannot be understood"
    )


def test_a_record_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / layout.SERVED).mkdir()
    with pytest.raises(BuildError, match=r"served\.json, .* cannot be read: Is a directory"):
        read_record(tmp_path)


def test_without_a_record_a_rollback_guesses_nothing(build, index_dir):
    first, last = build("A"), build("B")
    (index_dir / layout.SERVED).unlink()
    with pytest.raises(
        VersionError, match=r"served\.json .*\. Choose one and run: hytki-match pro"
    ):
        versions.rollback(index_dir)
    with pytest.raises(VersionError, match="It is not known which version served before"):
        versions.promote(index_dir, "previous")
    assert serving(index_dir) == last
    assert versions.find_version(index_dir, "previous") == first  # to look at is no harm
    assert states(index_dir) == [(False, False), (True, False)]
    build("C")
    assert versions.rollback(index_dir).version == last


def test_a_clean_up_keeps_what_a_rollback_needs(build, index_dir):
    first = build("A")
    for name in "BCD":
        build(name, REFUSING)
    last = build("E")
    assert len(versions.version_names(index_dir)) == layout.KEPT_VERSIONS + 1
    versions.prune(index_dir, keep=2)
    assert first in versions.version_names(index_dir)
    versions.prune(index_dir, keep=1)
    assert versions.version_names(index_dir) == [last]
    with pytest.raises(VersionError, match="No other version is left"):
        versions.rollback(index_dir)


def test_it_is_told(build, corpus, index_dir, monkeypatch, capsys):
    monkeypatch.setattr("hytki_match.encoder.load_encoder", lambda _: FakeEncoder())
    first, bad = build("A"), build("B")
    told = {}
    for command in (["rollback"], ["versions"], ["build"], ["build", "--json"]):
        with pytest.raises(SystemExit) as stop:
            cli.main(["--corpus", str(corpus), "--index", str(index_dir), *command])
        assert not stop.value.code
        told[" ".join(command)] = capsys.readouterr().out
    assert [f"{line[:22]}{'rolled back' in line}" for line in told["versions"].splitlines()] == [
        f"* {first[:20]}False",
        f"  {bad[:20]}True",
    ]
    assert f"hytki-match promote {bad}" in told["build"]
    assert json.loads(told["build --json"])["held_back"] == bad
    assert serving(index_dir) == first


@pytest.mark.parametrize(
    ("pointer", "force"),
    [
        (None, False),
        ("", False),
        ("", True),
        ('{"version": "x", "manifest_sha256": "y"}\n', False),
    ],
)
def test_a_damaged_pointer_lets_nothing_serve_that_is_held_back(
    build, again, index_dir, caplog, pointer, force
):
    first, bad = build("A"), build("B")
    versions.rollback(index_dir)
    damage(index_dir, pointer)
    found = again(force=force)
    assert serving(index_dir) == first
    assert found.held_back >= bad
    assert f"so version {first} serves again" in caplog.text
    assert again().held_back == bad


def test_nor_what_a_gate_refused(build, again, index_dir):
    first, bad = build("A"), build("B", REFUSING)
    damage(index_dir, "")
    assert (again().held_back, serving(index_dir)) == (bad, first)
    damage(index_dir, "")
    build("B", REFUSING)
    assert serving(index_dir) == first
    passing = BuildOptions(gate=lambda _: ())
    damage(index_dir, "")
    assert again(options=passing).index.manifest.version == serving(index_dir) > bad


def test_what_served_last_serves_again(build, again, index_dir):
    first, second, _ = build("A"), build("B"), build("C")
    versions.rollback(index_dir)
    versions.promote(index_dir, first)
    damage(index_dir, "")
    again()
    assert serving(index_dir) == first
    # Where it is broken, what served before it does.
    (index_dir / layout.VERSIONS / first / layout.RECORDS).write_text("")
    again()
    assert serving(index_dir) == second


def test_a_rollback_after_a_damaged_pointer_goes_to_what_served_last(build, index_dir):
    _, second = build("A"), build("B")
    damage(index_dir, "")
    build("C")
    assert versions.rollback(index_dir).version == second


def damage(index_dir, text):
    pointer = index_dir / layout.POINTER
    if text is None:
        pointer.unlink()
    else:
        pointer.write_text(text)


def test_a_gate_that_is_not_asked_is_told(build, corpus, index_dir, monkeypatch, capsys):
    monkeypatch.setattr("hytki_match.encoder.load_encoder", lambda _: FakeEncoder())
    name = build("A")
    told = []
    for command in (["build", "--gate"], ["build", "--gate", "--json"], ["promote", name]):
        with pytest.raises(SystemExit) as stop:
            cli.main(["--corpus", str(corpus), "--index", str(index_dir), *command])
        assert not stop.value.code
        told.append(capsys.readouterr().out)
    assert "Nothing was built, so the gate was not asked." in told[0]
    assert json.loads(told[1])["gate_asked"] is False
    assert told[2] == f"Version {name} serves already.\n"
