"""Versions of an index: incremental builds, checks, comparison, promotion and the way back."""

from __future__ import annotations

import errno
import hashlib
import json

import pytest
from corpus_files import edit_cell
from fake_encoder import FakeEncoder

from hytki_match.corpus import load_corpus
from hytki_match.corpus.changes import FieldChange, corpus_changes
from hytki_match.errors import (
    BuildError,
    GateError,
    IndexBrokenError,
    IndexStaleError,
    VersionError,
)
from hytki_match.index import build, build_index, layout, open_index, versions
from hytki_match.index.build import BuildOptions
from hytki_match.index.manifest import recorded_checksum
from hytki_match.index.store import current_version
from hytki_match.index.writing import switch_pointer
from hytki_match.matching import Matcher
from hytki_match.upkeep.differences import differences

NAMED_OR_TIMED = {layout.MANIFEST, layout.CHECKSUM}
"""Files that differ between any two builds: they hold the version's name, its times and author."""


@pytest.fixture
def three(corpus, index_dir):
    """The names of three versions, the last of which serves."""
    return [build_index(corpus, index_dir, FakeEncoder()).manifest.version for _ in range(3)]


def contents(index_dir):
    folder = index_dir / layout.VERSIONS / current_version(index_dir)[0]
    return {
        file.name: file.read_bytes() for file in folder.iterdir() if file.name not in NAMED_OR_TIMED
    }


def test_only_what_changed_is_encoded_and_the_bytes_are_those_of_a_full_build(
    corpus, index_dir, tmp_path
):
    encoder = FakeEncoder()
    build_index(corpus, index_dir, encoder)
    everything = encoder.encoded
    edit_cell(corpus, "companies", "sleepy", "description_en", "Measures sleep with a new ring.")
    build_index(corpus, index_dir, encoder)
    assert encoder.encoded == everything + 1
    build_index(corpus, tmp_path / "full", FakeEncoder(), None, BuildOptions(reuse_vectors=False))
    assert contents(index_dir) == contents(tmp_path / "full")


def test_what_was_encoded_stays_when_the_build_then_fails(corpus, index_dir, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    encoder = FakeEncoder()
    with monkeypatch.context() as broken, pytest.raises(BuildError):
        broken.setattr(build, "write_manifest", full)
        build_index(corpus, index_dir, encoder)
    everything = encoder.encoded
    build_index(corpus, index_dir, encoder)
    assert encoder.encoded == everything > 0


def test_another_encoder_never_gets_these_vectors(corpus, index_dir):
    build_index(corpus, index_dir, FakeEncoder())
    other = FakeEncoder(digest="fake-2")
    passages = build_index(corpus, index_dir, other).passages
    assert other.encoded == len(passages)
    again = FakeEncoder()
    build_index(corpus, index_dir, again)
    assert again.encoded == 0


def test_a_full_build_encodes_everything(corpus, index_dir):
    build_index(corpus, index_dir, FakeEncoder())
    encoder = FakeEncoder()
    index = build_index(corpus, index_dir, encoder, None, BuildOptions(reuse_vectors=False))
    assert encoder.encoded == len(index.passages)


@pytest.mark.parametrize("suffix", [".npy", ".sha256"])
def test_damaged_vectors_are_encoded_again(corpus, index_dir, caplog, suffix):
    build_index(corpus, index_dir, FakeEncoder())
    before = contents(index_dir)
    (file,) = (index_dir / layout.VECTORS).glob(f"*{suffix}")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    encoder = FakeEncoder()
    build_index(corpus, index_dir, encoder)
    assert "is damaged" in caplog.text
    assert encoder.encoded > 0
    assert contents(index_dir) == before


def test_versions_are_listed_with_the_one_that_serves(three, index_dir):
    found = versions.list_versions(index_dir)
    assert [version.name for version in found] == three
    assert [version.serves for version in found] == [False, False, True]
    assert all(version.manifest and version.bytes > 0 for version in found)


def test_who_built_it_and_how_long_each_stage_took(corpus, index_dir):
    options = BuildOptions(built_by="Maija")
    manifest = build_index(corpus, index_dir, FakeEncoder(), None, options).manifest
    assert manifest.built_by == "Maija"
    assert {"read", "encode", "terms", "write"} <= set(manifest.seconds)


def test_back_and_forth(three, index_dir):
    assert versions.rollback(index_dir).version == three[1]
    assert open_index(index_dir).manifest.version == three[1]
    assert versions.rollback(index_dir).version == three[0]
    with pytest.raises(VersionError, match="no other is noted as one that served"):
        versions.rollback(index_dir)
    assert versions.promote(index_dir, three[2]).version == three[2]
    assert open_index(index_dir).manifest.version == three[2]


def test_a_version_is_named_by_a_unique_beginning(three, index_dir):
    assert versions.find_version(index_dir, "current") == three[2]
    assert versions.find_version(index_dir, three[0][:-1]) == three[0]
    with pytest.raises(VersionError, match="3 versions begin with '2'"):
        versions.find_version(index_dir, "2")
    with pytest.raises(VersionError, match=r"No version has a name that begins with '\.\./x'"):
        versions.find_version(index_dir, "../x")
    with pytest.raises(VersionError):
        versions.find_version(index_dir, "")


def test_a_broken_version_is_not_promoted(three, index_dir):
    (index_dir / layout.VERSIONS / three[0] / layout.RECORDS).write_text("")
    (index_dir / layout.VERSIONS / three[1] / layout.OWNERS).unlink()
    with pytest.raises(IndexBrokenError, match=rf"can serve: {three[2]}\. To remove"):
        versions.promote(index_dir, three[0])
    problems = [version.problem for version in versions.list_versions(index_dir)]
    assert problems == ["", f"broken: without {layout.OWNERS}", ""]
    assert current_version(index_dir)[0] == three[2]
    assert "records.jsonl was changed" in versions.verify_version(index_dir, three[0])[0]
    assert versions.verify_version(index_dir, three[2]) == []


def test_a_foreign_file_is_pointed_out(three, index_dir):
    (index_dir / layout.VERSIONS / three[2] / "notes.txt").write_text("hello")
    assert "notes.txt is no file of the index" in versions.verify_version(index_dir, three[2])[0]


def test_the_version_that_serves_is_never_pruned(three, index_dir):
    versions.promote(index_dir, three[0])
    assert versions.prune(index_dir, keep=1) == three[1:]
    assert versions.version_names(index_dir) == [three[0]]
    assert open_index(index_dir).manifest.version == three[0]


def test_a_reader_keeps_what_it_opened_after_a_prune(corpus, index_dir):
    index = build_index(corpus, index_dir, FakeEncoder())
    before = index.words["fi"].best(["uni"], 9)[1].tolist()
    assert before
    for _ in range(layout.KEPT_VERSIONS + 1):
        build_index(corpus, index_dir, FakeEncoder())
    assert index.manifest.version not in versions.version_names(index_dir)
    assert index.words["fi"].best(["uni"], 9)[1].tolist() == before


def test_a_gate_keeps_the_old_version_serving(corpus, index_dir):
    first = build_index(corpus, index_dir, FakeEncoder()).manifest.version
    edit_cell(corpus, "companies", "sleepy", "name", "Sleepy Group Oy")
    options = BuildOptions(gate=lambda _: ["nDCG@10 changed by -0.1000"])
    with pytest.raises(GateError, match=r"nDCG@10 changed by -0\.1000") as caught:
        build_index(corpus, index_dir, FakeEncoder(), None, options)
    assert open_index(index_dir).manifest.version == first
    assert versions.verify_version(index_dir, caught.value.version) == []
    versions.promote(index_dir, caught.value.version)
    assert open_index(index_dir).corpus.records["companies/sleepy"].name.fi == "Sleepy Group Oy"


def test_a_gate_without_reasons_opens(corpus, index_dir):
    index = build_index(corpus, index_dir, FakeEncoder(), None, BuildOptions(gate=lambda _: []))
    assert current_version(index_dir)[0] == index.manifest.version


def test_changes_between_corpora(corpus):
    before = load_corpus(corpus)
    edit_cell(corpus, "companies", "sleepy", "name", "Sleepy Group Oy")
    edit_cell(corpus, "companies", "stepper", "id", "strider")
    changes = corpus_changes(before, load_corpus(corpus))
    assert changes.added == ("companies/strider",)
    assert changes.removed == ("companies/stepper",)
    old = before.records["companies/sleepy"].name.fi
    assert changes.changed["companies/sleepy"][:1] == (
        FieldChange("name_fi", old, "Sleepy Group Oy"),
    )
    assert not corpus_changes(before, before)


def test_questions_with_another_top(corpus, index_dir):
    encoder = FakeEncoder()
    before = Matcher(build_index(corpus, index_dir, encoder), encoder)
    edit_cell(corpus, "companies", "sleepy", "id", "dozy")
    after = Matcher(build_index(corpus, index_dir, encoder), encoder)
    found = differences(before, after, ["Kuka mittaa unta?", "12"])
    assert found.asked == 2
    (moved,) = found.moved
    assert "companies/sleepy" in moved.before
    assert "companies/dozy" in moved.after


def test_a_folder_without_an_index(tmp_path):
    assert versions.list_versions(tmp_path / "none") == ()
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(BuildError, match="cannot be written"):
        versions.prune(blocked, keep=1)


@pytest.fixture
def old_format(three, index_dir):
    """The name of a version of an older format, the one that a rollback goes back to."""
    folder = index_dir / layout.VERSIONS / three[1]
    manifest = json.loads((folder / layout.MANIFEST).read_text())
    data = json.dumps(manifest | {"format": layout.FORMAT - 1}).encode()
    (folder / layout.MANIFEST).write_bytes(data)
    checksum = hashlib.sha256(data).hexdigest()
    (folder / layout.CHECKSUM).write_text(f"{checksum}  {layout.MANIFEST}\n")
    return three[1]


@pytest.mark.parametrize("act", ["promote", "rollback", "open_version", "verify_version"])
def test_a_version_of_an_older_format_is_no_dead_end(three, old_format, index_dir, act):
    arguments = [] if act == "rollback" else [old_format]
    try:
        told = "".join(getattr(versions, act)(index_dir, *arguments))
    except IndexStaleError as error:
        told = str(error)
    assert told.startswith(f"Version {old_format} has index format {layout.FORMAT - 1}, this prog")
    assert "bring its tables back (from git or an export) and run: hytki-match build" in told
    assert "hytki-match prune --keep 1" in told
    assert f"Versions that can serve: {three[0]}, {three[2]}." in told
    assert current_version(index_dir)[0] == three[2]


def test_where_the_one_that_serves_is_older_a_build_helps(three, old_format, index_dir):
    folder = index_dir / layout.VERSIONS / old_format
    switch_pointer(index_dir, old_format, recorded_checksum(folder))
    for name in ("current", old_format):
        with pytest.raises(IndexStaleError, match=r"reads format \d+\. Run: hytki-match build$"):
            versions.open_version(index_dir, name)
