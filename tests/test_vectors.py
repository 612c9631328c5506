"""The cache of vectors: each text once, in parts, and never half of a file."""

from __future__ import annotations

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from hytki_match.errors import EncoderError
from hytki_match.index import fresh, layout, vectors
from hytki_match.index.vectors import VectorCache

TEXTS = ["sleep", "data", "sleep", "robots", "gait", "data", "lakes"]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(vectors, "PART", 2)
    monkeypatch.setattr(vectors, "ENCODED_AT_ONCE", 2)
    monkeypatch.setattr(fresh, "AT_ONCE", 2)


def test_vectors_come_in_the_order_of_the_texts_and_each_is_encoded_once(index_dir):
    index_dir.mkdir()
    encoder, told = FakeEncoder(), []
    found = VectorCache(encoder, index_dir).encode(TEXTS, lambda *counts: told.append(counts))
    assert np.array_equal(found[:], FakeEncoder().encode_passages(TEXTS))
    assert np.array_equal(found[1:6:2], FakeEncoder().encode_passages(TEXTS[1:6:2]))
    assert np.array_equal(found.part(2, 5)[1:], FakeEncoder().encode_passages(TEXTS[3:5]))
    assert found.shape == (len(TEXTS), encoder.dimension)
    assert encoder.encoded == len(set(TEXTS))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_only_new_texts_are_encoded_and_those_not_asked_for_are_forgotten(index_dir):
    index_dir.mkdir()
    VectorCache(FakeEncoder(), index_dir).encode(TEXTS)
    encoder = FakeEncoder()
    now = ["lakes", "rings", "data"]
    found = VectorCache(encoder, index_dir).encode(now)
    assert np.array_equal(found[:], FakeEncoder().encode_passages(now))
    assert encoder.encoded == 1
    VectorCache(encoder, index_dir).encode(TEXTS)
    assert encoder.encoded == 1 + len(set(TEXTS) - set(now))


def test_to_look_up_writes_nothing_and_encodes_only_what_is_new(index_dir):
    index_dir.mkdir()
    texts = ["lakes", "rings", "lakes"]
    encoder = FakeEncoder()
    assert np.array_equal(
        VectorCache(encoder, index_dir).look_up(texts), encoder.encode_queries(texts)
    )
    assert list(index_dir.iterdir()) == []
    VectorCache(FakeEncoder(), index_dir).encode(TEXTS)
    encoder = FakeEncoder()
    found = VectorCache(encoder, index_dir).look_up(texts)
    assert np.array_equal(found, encoder.encode_queries(texts))
    assert encoder.encoded == 1


def test_no_texts_have_no_vectors(index_dir):
    index_dir.mkdir()
    for _ in range(2):
        assert VectorCache(FakeEncoder(), index_dir).encode([])[:].shape == (0, 2048)


def test_an_encoder_that_fails_in_the_middle_leaves_what_was_kept(index_dir):
    class Tiring(FakeEncoder):
        def encode_passages(self, texts, progress=None):
            found = super().encode_passages(texts, progress)
            return found if self.encoded < 3 else found * np.nan

    index_dir.mkdir()
    VectorCache(FakeEncoder(), index_dir).encode(TEXTS[:2])
    before = {file.name: file.read_bytes() for file in (index_dir / layout.VECTORS).iterdir()}
    with pytest.raises(EncoderError, match="cannot be searched"):
        VectorCache(Tiring(), index_dir).encode(TEXTS)
    after = {file.name: file.read_bytes() for file in (index_dir / layout.VECTORS).iterdir()}
    assert after == before


class Stopped(FakeEncoder):
    """Ctrl-C comes after some texts."""

    def encode_passages(self, texts, progress=None):
        if self.encoded == 4:
            raise KeyboardInterrupt
        return super().encode_passages(texts, progress)


@pytest.fixture
def stopped(index_dir):
    """The folder of a cache that was stopped after four of six texts, and what it had kept."""
    index_dir.mkdir()
    VectorCache(FakeEncoder(), index_dir).encode(["before"])
    with pytest.raises(KeyboardInterrupt):
        VectorCache(Stopped(), index_dir).encode(TEXTS)
    return index_dir / layout.VECTORS


def cut(data):
    return data[:-9]


def spoilt(data):
    return data[:100] + bytes([data[100] ^ 1]) + data[101:]


@pytest.mark.parametrize(
    ("harm", "again"), [(bytes, 2), (cut, 3), (spoilt, 3), (lambda data: b"", 6)]
)
def test_what_was_encoded_when_it_was_stopped_is_not_encoded_again(index_dir, stopped, harm, again):
    (file,) = stopped.glob("*.fresh")
    file.write_bytes(harm(file.read_bytes()))
    encoder = FakeEncoder()
    found = VectorCache(encoder, index_dir).encode([*TEXTS, "after"])
    assert encoder.encoded == again
    assert np.array_equal(found[:], FakeEncoder().encode_passages([*TEXTS, "after"]))
    kept = {name.suffix: name.read_bytes() for name in stopped.iterdir()}
    assert kept.keys() == {".npy", ".sha256"}
    VectorCache(FakeEncoder(), index_dir, reuse=False).encode([*TEXTS, "after"])
    assert {name.suffix: name.read_bytes() for name in stopped.iterdir()} == kept


def test_a_full_build_takes_nothing_that_was_left(index_dir, stopped):
    encoder = FakeEncoder()
    VectorCache(encoder, index_dir, reuse=False).encode(TEXTS)
    assert encoder.encoded == len(set(TEXTS))
