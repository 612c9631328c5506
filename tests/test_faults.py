"""Whatever breaks at whatever moment: what serves is whole, and the next run puts things right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from corpus_files import edit_cell
from fake_encoder import FakeEncoder

from hytki_match.errors import BuildError, ForgetError, IndexUnusableError
from hytki_match.index import build_index, layout, open_index, versions
from hytki_match.index.store import current_version
from hytki_match.settings import Settings
from hytki_match.upkeep.forgetting import forget

HERE = Path(__file__).parent
EVERY = os.environ.get("HYTKI_MATCH_TEST_FAULTS") == "all"
"""Strike at every operation (minutes), not at a sample."""

SMALL_FILE = 300
SAMPLE = 20


@pytest.fixture
def version_dir(corpus, index_dir):
    version = build_index(corpus, index_dir, FakeEncoder()).manifest.version
    return index_dir / layout.VERSIONS / version


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "every_change", "every_read", "least"),
    [
        ("build", 2, 20, 40),
        ("promote", 1, 6, 20),
        ("rollback", 1, 12, 20),
        ("import", 1, 3, 15),
        ("forget", 6, 40, 20),
    ],
)
def test_a_fault_at_any_file_operation(command, every_change, every_read, least):
    """error, kill -9, full disk and a cut write; see ``fault_runner`` for what is checked."""
    sample = ("1", "1") if EVERY else (str(every_change), str(every_read))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", HERE / "fault_runner.py", command, *sample],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)])},
    )
    results = json.loads(done.stdout)
    assert {fault for _, fault, _ in results} == {"error", "kill", "full", "cut"}
    assert len(results) >= least
    assert [result for result in results if result[2]] == []


def flips(data, places):
    for place in places:
        spoilt = bytearray(data)
        spoilt[place] ^= 1
        yield bytes(spoilt)


def sampled(data, every_byte):
    step = 1 if every_byte else max(len(data) // SAMPLE, 1)
    return range(0, len(data), step)


def test_every_changed_byte_of_a_version_is_detected(version_dir, index_dir):
    """All bytes of small files and of what vouches for the others; a sample of large ones."""
    vouching = {layout.MANIFEST, layout.CHECKSUM}
    for file in sorted(version_dir.iterdir()):
        whole = file.read_bytes()
        every_byte = len(whole) <= SMALL_FILE or file.name in vouching
        for spoilt in flips(whole, sampled(whole, every_byte)):
            file.write_bytes(spoilt)
            assert versions.verify_version(index_dir, version_dir.name), file.name
        file.write_bytes(whole)
    assert versions.verify_version(index_dir, version_dir.name) == []


def test_every_changed_byte_of_the_pointer_is_detected(version_dir, index_dir):
    pointer = index_dir / layout.POINTER
    whole = pointer.read_bytes()
    for spoilt in flips(whole, range(len(whole))):
        pointer.write_bytes(spoilt)
        with pytest.raises(IndexUnusableError):
            open_index(index_dir)
    pointer.write_bytes(whole)
    assert open_index(index_dir).manifest.version == version_dir.name


def test_readers_never_see_half_of_anything(corpus, index_dir):
    """Builds follow each other while four readers open the index again and again."""
    build_index(corpus, index_dir, FakeEncoder())
    stop, wrong, opened = threading.Event(), [], [0]

    def read():
        while not stop.is_set():
            try:
                index = open_index(index_dir)
                assert len(index.passages) == index.manifest.counts["passages"]
                opened[0] += 1
            except (AssertionError, IndexUnusableError) as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for number in range(8):
            edit_cell(corpus, "companies", "sleepy", "municipality", f"Oulu {number}")
            build_index(corpus, index_dir, FakeEncoder())
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert opened[0] > 0


def test_two_processes_that_build_at_once_both_finish(corpus, index_dir):
    code = (
        "from pathlib import Path; from fake_encoder import FakeEncoder;"
        "from hytki_match.index import build_index;"
        f"build_index(Path({str(corpus)!r}), Path({str(index_dir)!r}), FakeEncoder())"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)])}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [p.communicate()[1] for p in running]
    assert [p.returncode for p in running] == [0, 0]
    assert "".join(told).count("\n") <= 1  # the one that waits says so
    assert len(versions.version_names(index_dir)) == 2
    assert current_version(index_dir)[0] == versions.version_names(index_dir)[-1]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_rights(corpus, index_dir, version_dir):
    index_dir.chmod(0o555)
    try:
        with pytest.raises(BuildError, match="Permission denied"):
            build_index(corpus, index_dir, FakeEncoder())
        assert open_index(index_dir).manifest.version == version_dir.name
        with pytest.raises(ForgetError, match="Mend its rights"):
            forget("lab-desk", Settings(corpus, index_dir), FakeEncoder())
    finally:
        index_dir.chmod(0o755)
