"""What tests share: the small corpus with a fake encoder, and the real corpus with the real one."""

from __future__ import annotations

import os

# Nothing in the tests may leave the machine; set before any library reads it.
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from corpus_files import SHIPPED, SMALL, copy_small_corpus
from fake_encoder import FakeEncoder

from hytki_match.index import build_index, open_index
from hytki_match.matching import Matcher


@pytest.fixture
def corpus(tmp_path):
    """A copy of the small corpus to spoil."""
    return copy_small_corpus(tmp_path)


@pytest.fixture
def index_dir(tmp_path):
    return tmp_path / "index"


@pytest.fixture(scope="session")
def small_matcher(tmp_path_factory):
    """Answers from the small corpus."""
    encoder = FakeEncoder()
    return Matcher(build_index(SMALL, tmp_path_factory.mktemp("small"), encoder), encoder)


@pytest.fixture(scope="session")
def real_index_dir(tmp_path_factory):
    """An index of the shipped corpus by the bundled encoder."""
    from hytki_match.encoder import load_encoder

    folder = tmp_path_factory.mktemp("real")
    build_index(SHIPPED, folder, load_encoder("bundled"))
    return folder


@pytest.fixture(scope="session")
def real_matcher(real_index_dir):
    from hytki_match.encoder import load_encoder

    return Matcher(open_index(real_index_dir), load_encoder("bundled"))
