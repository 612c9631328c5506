"""The encoder in training: texts packed together, two halves, and what they learn from."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="only training needs torch")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402

from training import align, retrieval, static  # noqa: E402
from training.both import STATIC_SHARE, Both, Halves, Tokenizers  # noqa: E402
from training.encoder import load_student, save_student  # noqa: E402
from training.retrieval import Passages, Question, RetrievalPlan, RetrievalStage  # noqa: E402
from training.sources import COPYLEFT  # noqa: E402
from training.student import HIDDEN, Student, encode_all  # noqa: E402
from training.texts import Texts, pack, tokenize  # noqa: E402

WORDS = ("yksi", "kaksi", "kolme", "neljä", "one", "two", "three", "four")


def of(tokens: list[list[int]]) -> Texts:
    lengths = np.array([len(row) for row in tokens], np.int64)
    flat = np.array([one for row in tokens for one in row], np.int32)
    return Texts(flat, np.cumsum(lengths) - lengths, lengths)


@given(st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=150), min_size=1, max_size=60))
@settings(deadline=None)
def test_each_text_lies_whole_in_one_row_and_owns_its_tokens_alone(tokens):
    batch = pack(*of(tokens).take(np.arange(len(tokens))), "cpu")
    assert batch.count == len(tokens)
    for number, text in enumerate(tokens):
        rows, columns = np.nonzero(batch.owners.numpy() == number)
        assert len(set(rows)) == 1
        assert columns.tolist() == list(range(columns[0], columns[0] + len(text)))
        assert batch.ids.numpy()[rows, columns].tolist() == text
        assert batch.places.numpy()[rows, columns].tolist() == list(range(len(text)))
    assert (batch.owners == batch.count).sum() == batch.owners.numel() - sum(map(len, tokens))


@pytest.fixture(scope="module")
def student():
    torch.manual_seed(1)
    return Student(10, 2).eval()


def test_a_text_has_the_same_vector_whatever_lies_beside_it(student):
    texts = of([[1, 2, 3], [4], [5, 6, 7, 8, 9] * 20, [3, 2, 1], [1, 2, 3]])
    with torch.inference_mode():
        together = student(pack(*texts.take(np.arange(5)), "cpu"))
        alone = torch.cat([student(pack(*texts.take(np.array([i])), "cpu")) for i in range(5)])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)
    assert torch.linalg.norm(together, dim=1).tolist() == pytest.approx([1] * 5, abs=1e-5)
    # In other batches and half precision, and back in the order that was asked for.
    found = encode_all(student, texts, tokens=50).float()
    assert (found * alone).sum(1).min() > 0.999


def test_the_cosine_of_joined_vectors_is_the_weighted_mean_of_both_halves():
    one, other = (
        Halves(*(torch.nn.functional.normalize(torch.randn(3, d), dim=1) for d in (384, 256)))
        for _ in range(2)
    )
    found = one.cosines(other)
    torch.testing.assert_close(one.joined() @ other.joined().T, found.both)
    mean = (found.transformer + STATIC_SHARE * found.static) / (1 + STATIC_SHARE)
    torch.testing.assert_close(found.both, mean)


def words_tokenizer():
    """Return a tokenizer of whole words that marks start and end when it is asked to."""
    numbers = {word: n for n, word in enumerate(("[UNK]", "[CLS]", "[SEP]", *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))  # noqa: S106 - a token
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def test_only_the_transformer_reads_marks_of_start_and_end():
    texts = Tokenizers(words_tokenizer(), words_tokenizer())(["yksi kaksi", ""], 2)
    assert texts.tokens.flat.tolist() == [1, 2, 1, 2]  # cut at 2 tokens, marks included
    assert texts.pieces.flat.tolist() == [3, 4, 0]  # an empty text has one unknown piece
    assert len(tokenize(words_tokenizer(), [], 5)) == 0


@pytest.fixture
def work(tmp_path):
    pairs = [
        ("1.0", "yksi", "one", "tatoeba"),
        ("1.0", "neljä", "four", "ui-kde"),
        *[("1.5", f"{fi}", f"{en}", "csc-user-guide") for fi, en in (("kaksi", "two"),) * 3],
        ("1.0", "kolme", "three", "ai-courses-microsoft"),
    ]
    files = {
        "pairs": pairs,
        "titles-en": [("p1", "one two"), ("p2", "three")],
        "titles-fi": [("p1", "yksi kaksi"), ("p2,p9", "kolme"), ("p8", "neljä")],
        "related": [("yksi", "one"), ("kaksi", "two")],
    }
    for name, lines in files.items():
        with gzip.open(tmp_path / f"{name}.tsv.gz", "wt", encoding="utf-8") as stream:
            stream.writelines("\t".join(line) + "\n" for line in lines)
    return tmp_path


@pytest.fixture
def material(work):
    torch.manual_seed(2)
    teacher, tokenizer = Student(11, 1).eval(), words_tokenizer()
    return align.load_material(work, teacher, tokenizer, Tokenizers(tokenizer, tokenizer), COPYLEFT)


def test_files_left_out_are_in_no_pairs_and_titles_need_a_known_concept(material):
    four = 3 + WORDS.index("four")
    assert four not in material.english.tokens.flat
    assert four not in material.english.pieces.flat
    assert len(material.titles) == 2


def test_lines_are_joined_within_one_document_only(work):
    pairs = [row for row in align.read_rows(work / "pairs.tsv.gz") if row[3] not in COPYLEFT]
    joined = list(align.joined_lines(pairs))
    assert joined
    assert all(name in align.DOCUMENTS for *_, name in joined)
    assert {tuple(english.split()) for _, _, english, _ in joined} <= {
        ("two",) * n for n in (1, 2, 3)
    } | {("three",)}


def toy(vocabulary=11):
    torch.manual_seed(3)
    return Both(Student(vocabulary, 1), torch.randn(vocabulary, 8))


def test_stage_1_brings_translations_together(material):
    student = toy()
    before = student.encode(material.finnish) * student.encode(material.english)
    plan = align.Plan(steps=30, pairs=8, titles=4, related=4)
    lines = []
    align.align(student, material, plan, report=lines.append)
    after = student.encode(material.finnish) * student.encode(material.english)
    assert after.sum(1).mean() > before.sum(1).mean() + 0.1
    assert lines[-1].startswith("step 29 of 30")


def test_a_student_is_read_as_it_was_written(tmp_path):
    student = toy()
    save_student(student, tmp_path / "student.safetensors")
    again = load_student(tmp_path / "student.safetensors").cpu()
    assert again.static.weight.shape == (11, 8)
    for name, tensor in student.state_dict().items():
        assert torch.equal(again.state_dict()[name], tensor)


IDS = ["tools/a", "tools/b", "tools/c"]
QUESTIONS = [
    Question("yksi", {IDS[0]: 1.0}),
    Question("yksi kaksi", {IDS[0]: 0.35, IDS[1]: 1.0}, "N1"),
    Question("kolme", {IDS[2]: 1.0}),
]


def no_siblings(vectors):
    return torch.zeros(3, 3, dtype=torch.bool)


@pytest.fixture
def stage(material, monkeypatch):
    passages = {"fi": ["yksi", "kaksi", "kolme"], "en": ["one", "two", "three"]}
    tokenizers = Tokenizers(words_tokenizer(), words_tokenizer())
    monkeypatch.setattr(retrieval, "siblings", no_siblings)
    return RetrievalStage(
        toy(), tokenizers, Passages(IDS, passages, passages), material, lambda line: None
    )


def test_the_stage_takes_a_record_left_out_neither_for_right_nor_for_wrong(stage, monkeypatch):
    read = []
    monkeypatch.setattr(stage, "_run", lambda student, texts, wanted, plan: read.append(wanted))
    stage.train(QUESTIONS, RetrievalPlan(needs_repeat=1), {IDS[0]})
    truth, blocked = read[0]
    assert truth.tolist() == [[0, 1, 0], [0, 0, 1]]
    assert blocked.tolist() == [[True, False, False]] * 2


def test_stage_2_brings_questions_to_their_records_and_leaves_its_start_alone(stage):
    start = stage.vectors(stage._start, ["yksi"])["passages"]
    plan = RetrievalPlan(epochs=6, batch=4, align_weight=0)
    found = stage.vectors(stage.train(QUESTIONS, plan), ["yksi", "kolme"])
    cosines = found["questions"].astype(float) @ found["passages"].astype(float).T
    assert cosines.reshape(2, 2, 3).max(1).argmax(1).tolist() == [0, 2]
    assert found["passages"].shape == (6, HIDDEN + 8)
    assert np.array_equal(stage.vectors(stage._start, ["yksi"])["passages"], start)


class Transformer:
    """Stands for the exported transformer: a vector for each text, by its first word."""

    def __init__(self, folder, *, name):
        pass

    def encode_passages(self, texts):
        vectors = np.zeros((len(texts), HIDDEN + 8), np.float32)
        for row, text in enumerate(texts):
            vectors[row, WORDS.index(text.split()[0]) % 4] = 2.0
        return vectors


def test_the_static_half_learns_beside_the_transformer_without_the_files_left_out(
    work, monkeypatch
):
    monkeypatch.setattr(static, "LightEncoder", Transformer)
    monkeypatch.setattr(static, "siblings", no_siblings)
    passages = {"fi": ["yksi", "kaksi", "kolme"], "en": ["one", "two", "three"]}
    plan = static.StaticPlan(steps=40, drawn=4, pairs=4, others=8, questions=3, rate=0.1)
    tokenizer, records = words_tokenizer(), Passages(IDS, passages, passages)
    material = static.static_material(work, work, tokenizer, QUESTIONS, records, plan, COPYLEFT)
    four = 3 + WORDS.index("four")
    assert len(material.shares) == 5
    assert four not in [*material.others[1].flat, *material.english.pieces.flat]
    assert torch.linalg.norm(material.passages.vectors, dim=1).tolist() == [1.0] * 12
    assert material.chances.tolist() == [0.25, 0.5, 0.25]
    torch.manual_seed(4)
    lines = []
    vectors = static.train_static(torch.randn(11, 8), material, plan, lines.append)
    unit = torch.nn.functional.normalize(vectors, dim=1)
    numbers = [3 + WORDS.index(word) for word in ("yksi", "kaksi", "kolme", "one", "two", "three")]
    finnish, english = unit[numbers].chunk(2)
    cosines = finnish @ english.T
    assert cosines.diag().mean() > cosines.mean() + 0.3
    assert len(lines) == 2
