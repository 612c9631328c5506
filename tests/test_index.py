"""Building and opening an index: whatever goes wrong, the version that served before still does."""

from __future__ import annotations

import contextlib
import errno
import json
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from corpus_files import SHIPPED, edit_cell
from fake_encoder import FakeEncoder

from hytki_match.errors import (
    BuildError,
    CorpusError,
    EncoderError,
    IndexBrokenError,
    IndexMissingError,
    IndexStaleError,
)
from hytki_match.index import (
    build,
    build_index,
    ensure_index,
    ensuring,
    layout,
    open_index,
    writing,
)
from hytki_match.index.build import BuildOptions
from hytki_match.index.store import current_version


@pytest.fixture
def served(corpus, index_dir):
    """The name of a version that serves."""
    return build_index(corpus, index_dir, FakeEncoder()).manifest.version


def still_serves(index_dir, version):
    index = open_index(index_dir)
    leftovers = list((index_dir / layout.VERSIONS).glob(f"{layout.UNFINISHED}*"))
    return index.manifest.version == version and len(index.passages) > 0 and not leftovers


def test_what_is_saved_is_what_is_opened(corpus, index_dir):
    built = build_index(corpus, index_dir, FakeEncoder())
    opened = open_index(index_dir)
    assert opened.corpus == built.corpus
    assert opened.passages == built.passages
    assert opened.manifest == built.manifest
    assert opened.manifest.counts["records"] == 11
    assert opened.compounds.known == built.compounds.known
    vector = FakeEncoder().encode_queries(["unen mittaaminen"])[0]
    for one, other in zip(
        opened.dense.search(vector, 5), built.dense.search(vector, 5), strict=True
    ):
        assert np.array_equal(one, other)


def test_two_builds_of_one_corpus_differ_in_nothing_but_their_name_and_time(corpus, index_dir):
    manifests = []
    for _ in range(2):
        manifest = build_index(corpus, index_dir, FakeEncoder()).manifest
        manifests.append((manifest.files, manifest.corpus_digest, manifest.counts))
    assert manifests[0] == manifests[1]


def of_questions(index_dir):
    folder = index_dir / layout.VERSIONS / open_index(index_dir).manifest.version
    return [(folder / name).read_bytes() for name in (layout.ASKED, layout.COMPARED)]


@pytest.fixture
def made(monkeypatch):
    """How often the vectors of known questions were made, not copied."""
    calls = []
    make = build.save_questions
    monkeypatch.setattr(build, "save_questions", lambda *a: (calls.append(1), make(*a)))
    return calls


def test_vectors_of_questions_are_copied_while_only_records_change(corpus, index_dir, served, made):
    before = of_questions(index_dir)
    edit_cell(corpus, "companies", "sleepy", "name", "Sleepy Group Oy")
    build_index(corpus, index_dir, FakeEncoder())
    assert not made
    assert of_questions(index_dir) == before
    build_index(corpus, index_dir, FakeEncoder(), options=BuildOptions(reuse_vectors=False))
    assert made
    assert of_questions(index_dir) == before


@pytest.mark.parametrize("harm", ["question", "encoder", "damage", "gone"])
def test_vectors_of_questions_are_made_where_a_copy_would_be_wrong(
    corpus, index_dir, served, made, harm
):
    encoder = FakeEncoder()
    file = index_dir / layout.VERSIONS / served / layout.COMPARED
    edit_cell(corpus, "companies", "sleepy", "name", "Sleepy Group Oy")
    if harm == "question":
        (corpus / "questions.csv").write_text(
            "language,question,answers,useful,contacts\nen,Who measures sleep?,,,\n"
        )
    elif harm == "encoder":
        encoder = FakeEncoder(digest="another")
    elif harm == "damage":
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    else:
        file.unlink()
    build_index(corpus, index_dir, encoder)
    assert made
    assert open_index(index_dir).compared.size == len(open_index(index_dir).corpus.questions)


def test_nothing_in_an_index_can_run(served, index_dir):
    suffixes = {file.suffix for file in (index_dir / layout.VERSIONS / served).iterdir()}
    assert suffixes <= {".json", ".sha256", ".jsonl", ".faiss", ".npy", ".terms", ".txt"}


@pytest.mark.parametrize("table", ["tools", "contacts"])
def test_a_table_missing(corpus, index_dir, served, table):
    (corpus / f"{table}.csv").unlink()
    with pytest.raises(CorpusError, match=rf"{table}\.csv: is missing"):
        build_index(corpus, index_dir, FakeEncoder())
    assert still_serves(index_dir, served)


def test_a_duplicate_id(corpus, index_dir, served):
    edit_cell(corpus, "companies", "stepper", "id", "sleepy")
    with pytest.raises(CorpusError, match="row 3, column id: 'sleepy' is the id of row 2"):
        build_index(corpus, index_dir, FakeEncoder())
    assert still_serves(index_dir, served)


def test_a_dangling_reference(corpus, index_dir, served):
    edit_cell(corpus, "contacts", "lab-desk", "organisation_id", "turku-labs")
    with pytest.raises(CorpusError, match=r"'turku-labs' is not an id of organisations\.csv"):
        build_index(corpus, index_dir, FakeEncoder())
    assert still_serves(index_dir, served)


def test_half_a_file(corpus, index_dir, served):
    file = corpus / "tools.csv"
    file.write_bytes(file.read_bytes()[:700])
    with pytest.raises(CorpusError, match=r"tools\.csv"):
        build_index(corpus, index_dir, FakeEncoder())
    assert still_serves(index_dir, served)


@pytest.mark.parametrize("at", ["save_corpus", "write_manifest", "switch_pointer"])
def test_no_disk_space(corpus, index_dir, served, monkeypatch, at):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(build, at, full)
    with pytest.raises(BuildError, match="No space left on device") as caught:
        build_index(corpus, index_dir, FakeEncoder())
    assert "Free disk space" in caught.value.cure
    assert still_serves(index_dir, served)


@contextlib.contextmanager
def no_file_larger_than(size):
    """Let the kernel refuse what a full disk would: the rest of a file, wherever it is written."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_for_any_of_the_files(corpus, index_dir, served):
    folder = index_dir / layout.VERSIONS / served
    for size in sorted({file.stat().st_size for file in folder.iterdir()} - {0}):
        with no_file_larger_than(size - 1), pytest.raises(BuildError, match="File too large"):
            build_index(corpus, index_dir, FakeEncoder())
        assert still_serves(index_dir, served)


def hear_ctrl_c():
    """Undo what a shell does to jobs in the background: they, and all they start, ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.slow
@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_build_that_is_stopped_from_outside(real_index_dir, tmp_path, stop, code):
    index_dir = Path(shutil.copytree(real_index_dir, tmp_path / "index"))
    version = current_version(index_dir)[0]
    command = [sys.executable, "-m", "hytki_match", "--corpus", SHIPPED, "--index", index_dir]
    process = subprocess.Popen(
        [*command, "build", "--force"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        preexec_fn=hear_ctrl_c,
    )
    while not list((index_dir / layout.VERSIONS).glob(f"{layout.UNFINISHED}*")):
        assert process.poll() is None, "the build ended before it could be stopped"
        time.sleep(0.01)
    process.send_signal(stop)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in err
    assert open_index(index_dir).manifest.version == version


@pytest.mark.parametrize("at", ["save_corpus", "load_version"])
def test_ctrl_c_in_the_middle(corpus, index_dir, served, monkeypatch, at):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(build, at, stop)
    with pytest.raises(KeyboardInterrupt):
        build_index(corpus, index_dir, FakeEncoder())
    assert still_serves(index_dir, served)


def test_what_a_killed_build_left_is_cleared_by_the_next(corpus, index_dir, served):
    left = index_dir / layout.VERSIONS / f"{layout.UNFINISHED}x"
    left.mkdir()
    (left / "half.jsonl").write_text("{")
    assert still_serves_beside(index_dir, served)
    build_index(corpus, index_dir, FakeEncoder())
    assert not left.exists()


def still_serves_beside(index_dir, version):
    return open_index(index_dir).manifest.version == version


def test_two_builds_at_once_wait_for_each_other(corpus, index_dir, served, monkeypatch, caplog):
    monkeypatch.setattr(writing, "LOCK_SECONDS", 0.1)
    with (
        writing.locked(index_dir),
        pytest.raises(BuildError, match="Another build"),
    ):
        build_index(corpus, index_dir, FakeEncoder())
    assert re.search(r"Another build is running .*: waiting for it, for", caplog.text)
    assert still_serves(index_dir, served)


@pytest.mark.parametrize("wrong", [np.nan, 5.0])
def test_vectors_that_cannot_be_searched(corpus, index_dir, served, wrong):
    class Broken(FakeEncoder):
        def encode_passages(self, texts, progress=None):
            return np.full((len(texts), self.dimension), wrong, np.float32)

    with pytest.raises(EncoderError, match="cannot be searched"):
        build_index(corpus, index_dir, Broken(digest="broken"))
    assert still_serves(index_dir, served)


def test_no_index_yet(index_dir):
    with pytest.raises(IndexMissingError, match="Run: hytki-match build"):
        open_index(index_dir)


def test_every_file_of_a_version_is_guarded(served, index_dir):
    folder = index_dir / layout.VERSIONS / served
    guarded = [file for file in sorted(folder.iterdir()) if file.name != layout.CHECKSUM]
    for file in guarded:  # the pointer has the manifest's checksum of the version that serves
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] or b"\n")  # a corpus may have no known questions
        with pytest.raises(IndexBrokenError, match=file.name):
            open_index(index_dir)
        file.unlink()
        with pytest.raises(IndexBrokenError, match="cannot be read"):
            open_index(index_dir)
        file.write_bytes(whole)
    assert still_serves(index_dir, served)


@pytest.mark.parametrize("pointer", ["", "{}", "[]", '{"version": "gone", "manifest_sha256": ""}'])
def test_a_pointer_that_points_nowhere(served, index_dir, pointer):
    (index_dir / layout.POINTER).write_text(pointer)
    with pytest.raises(IndexBrokenError):
        open_index(index_dir)


def test_another_format_has_to_be_built_again(corpus, index_dir, monkeypatch):
    monkeypatch.setattr(build.layout, "FORMAT", 99)
    with pytest.raises(IndexStaleError, match="format 99"):
        build_index(corpus, index_dir, FakeEncoder())


def test_a_build_only_when_something_changed(corpus, index_dir):
    encoder = FakeEncoder()
    assert ensure_index(corpus, index_dir, encoder).built
    assert not ensure_index(corpus, index_dir, encoder).built
    assert ensure_index(corpus, index_dir, encoder, force=True).built
    edit_cell(corpus, "companies", "sleepy", "name", "Sleepy Group Oy")
    found = ensure_index(corpus, index_dir, encoder)
    assert found.built
    assert found.index.corpus.records["companies/sleepy"].name.fi == "Sleepy Group Oy"
    assert ensure_index(corpus, index_dir, FakeEncoder(digest="fake-2")).built


def test_who_waited_for_another_build_does_not_build_the_same_again(corpus, index_dir, monkeypatch):
    def other_build(_):
        build_index(corpus, index_dir, FakeEncoder())

    monkeypatch.setattr(ensuring, "wait_for_others", other_build)
    assert not ensure_index(corpus, index_dir, FakeEncoder()).built


def test_a_broken_index_is_built_again(corpus, index_dir, served):
    (index_dir / layout.VERSIONS / served / layout.DENSE).write_bytes(b"")
    found = ensure_index(corpus, index_dir, FakeEncoder())
    assert found.built
    assert still_serves(index_dir, found.index.manifest.version)


def test_old_versions_go(corpus, index_dir):
    for _ in range(layout.KEPT_VERSIONS + 2):
        version = build_index(corpus, index_dir, FakeEncoder()).manifest.version
    names = sorted(path.name for path in (index_dir / layout.VERSIONS).iterdir())
    assert len(names) == layout.KEPT_VERSIONS
    assert names[-1] == version == current_version(index_dir)[0]


def test_the_manifest_says_what_the_index_was_made_of(served, index_dir):
    manifest = json.loads((index_dir / layout.VERSIONS / served / layout.MANIFEST).read_text())
    assert manifest["encoder_name"] == "fake"
    assert set(manifest["software"]) == {"hytki-match", "faiss-cpu", "numpy", "snowballstemmer"}
    folder = index_dir / layout.VERSIONS / served
    assert {file.name for file in folder.iterdir()} == {
        *manifest["files"],
        layout.MANIFEST,
        layout.CHECKSUM,
    }


def test_a_folder_that_cannot_be_written(corpus, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(BuildError, match="cannot be written"):
        build_index(corpus, blocked, FakeEncoder())


def test_an_index_can_be_moved(corpus, index_dir, served, tmp_path):
    moved = Path(shutil.move(index_dir, tmp_path / "elsewhere"))
    assert still_serves(moved, served)
