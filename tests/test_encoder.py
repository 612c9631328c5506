"""The encoders: unit vectors, the same from the light runtime as from sentence-transformers."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from corpus_files import SHIPPED, SMALL

from hytki_match.corpus import load_corpus
from hytki_match.corpus.passages import make_passages
from hytki_match.encoder import load_encoder
from hytki_match.encoder.light import BUNDLED_DIR, LightEncoder, bundled_encoder
from hytki_match.errors import EncoderError
from hytki_match.index import build_index
from hytki_match.service import open_matcher
from hytki_match.settings import Settings

JUDGED = Path(__file__).parent / "judged"
SAME = 0.999
"""Cosine of 8-bit arithmetic to the same weights in float32."""

TEXTS = [
    "Kuka voi auttaa synteettisen terveysdatan kanssa?",
    "hospital data for R&D",
    "äö ÄÖ",
    "uni",
    "x" * 5000,
]


@pytest.fixture(scope="module")
def encoder():
    return bundled_encoder()


def test_vectors_have_unit_length(encoder):
    vectors = encoder.encode_queries(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_a_text_without_tokens_is_zeros_and_never_nan(encoder, nothing):
    assert not encoder.encode_queries([nothing]).any()


def test_no_processor_cuts_off_large_products(encoder):
    # Where VNNI is missing the cosines below show it; elsewhere only this does.
    options = encoder._session.get_session_options()
    assert options.get_session_config_entry("session.x64quantprecision") == "1"


def test_no_text_at_all(encoder):
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)


def test_one_text_alone_is_encoded_as_among_others(encoder):
    together = encoder.encode_passages(TEXTS)
    for row, text in enumerate(TEXTS):
        assert np.array_equal(encoder.encode_queries([text])[0], together[row])


def test_questions_begun_side_by_side_are_encoded_as_alone(encoder):
    texts = [*TEXTS, ""]
    begun = [encoder.begin_query(text) for text in texts]
    for future, vector in zip(begun, encoder.encode_queries(texts), strict=True):
        assert np.array_equal(future.result(10), vector)


def test_progress_ends_at_the_last_text(encoder):
    seen = []
    encoder.encode_passages(["uni"] * 600, lambda done, count: seen.append((done, count)))
    assert seen[0] == (64, 600)
    assert seen[-1] == (600, 600)
    assert seen == sorted(seen)


def test_a_line_end_is_a_space(encoder):
    one, other = encoder.encode_queries(["uni ja lepo", " uni\nja\t lepo\n"])
    assert np.array_equal(one, other)


def test_meaning_crosses_the_languages(encoder):
    finnish, english, other = encoder.encode_queries(
        ["synteettinen potilasdata", "synthetic patient data", "kirjaston aukioloajat"]
    )
    assert finnish @ english > finnish @ other + 0.3


def test_a_broken_model_says_where(tmp_path):
    folder = shutil.copytree(BUNDLED_DIR, tmp_path / "model")
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(EncoderError, match=r"tmp|model"):
        LightEncoder(folder, name="broken")


@pytest.fixture(scope="module")
def other():
    return load_encoder(str(BUNDLED_DIR))


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
class TestSentenceTransformers:
    """The other way to load a model, tried on the bundled one, since no hub is at hand."""

    def test_both_ways_give_the_same_vectors(self, encoder, other):
        ours, theirs = encoder.encode_passages(TEXTS), other.encode_passages(TEXTS)
        assert (ours * theirs).sum(axis=1).min() >= SAME
        ours, theirs = encoder.encode_queries(TEXTS), other.encode_queries(TEXTS)
        assert np.array_equal(
            other.begin_query(TEXTS[0]).result(10), other.encode_queries(TEXTS[:1])[0]
        )
        assert (ours * theirs).sum(axis=1).min() >= SAME

    def test_five_hundred_texts_have_the_same_vectors_both_ways(self, encoder, other):
        passages = [passage.text for passage in make_passages(load_corpus(SHIPPED))]
        with (JUDGED / "questions.csv").open(encoding="utf-8", newline="") as stream:
            questions = [row["question"] for row in csv.DictReader(stream)]
        texts = [*questions, *passages[:: len(passages) // 240]]
        texts = [*texts, *(text[:40] for text in texts)][:500]
        assert len(texts) == 500
        ours, theirs = encoder.encode_passages(texts), other.encode_passages(texts)
        assert (ours * theirs).sum(axis=1).min() >= SAME

    def test_only_our_own_code_is_trusted(self, tmp_path):
        folder = shutil.copytree(BUNDLED_DIR, tmp_path / "model")
        modules = json.loads((folder / "modules.json").read_text())
        modules.append({"idx": 1, "name": "1", "path": "", "type": "elsewhere.Module"})
        (folder / "modules.json").write_text(json.dumps(modules))
        with pytest.raises(EncoderError, match="trust_remote_code"):
            load_encoder(str(folder))

    def test_the_models_own_prompts_are_put_before_the_texts(self, other, tmp_path):
        folder = shutil.copytree(BUNDLED_DIR, tmp_path / "model")
        prompts = {"query": "query: ", "document": "passage: "}
        settings = folder / "config_sentence_transformers.json"
        settings.write_text(json.dumps({"prompts": prompts}))
        self.check_prompts(load_encoder(str(folder)), other)

    def test_e5_gets_the_prefixes_that_its_configuration_lacks(self, other, tmp_path):
        folder = shutil.copytree(BUNDLED_DIR, tmp_path / "multilingual-e5-tiny")
        self.check_prompts(load_encoder(str(folder)), other)

    def check_prompts(self, prompted, plain):
        expected = plain.encode_queries(["query: uni"])
        assert prompted.encode_queries(["uni"]) == pytest.approx(expected, abs=1e-5)
        expected = plain.encode_passages(["passage: uni"])
        assert prompted.encode_passages(["uni"]) == pytest.approx(expected, abs=1e-5)

    def test_an_index_is_asked_with_the_model_it_was_built_with(self, other, tmp_path):
        build_index(SMALL, tmp_path, other)
        matcher = open_matcher(Settings(SMALL, tmp_path))
        assert matcher.encoder.name == str(BUNDLED_DIR)
        assert matcher.match("uni").resources

    def test_a_name_that_no_hub_gives(self):
        with pytest.raises(EncoderError, match="no/such-model") as caught:
            load_encoder("no/such-model")
        assert caught.value.cure
