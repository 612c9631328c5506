"""Chroma and txtai with our texts and our vectors: what their search costs on this machine."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NEIGHBOURS = 10
BATCH = 5_000


def open_peer(
    name: str,
    index: Path,
    asked: Sequence[str],
    timed: Callable[..., dict[str, float]],
    megabytes: Callable[[], float],
) -> dict[str, Any]:
    """Fill a peer from an index of ours and ask it; vectors are made before the clock starts."""
    import numpy as np

    from hytki_match.encoder import load_encoder
    from hytki_match.index.dense import DenseIndex

    version = sorted((index / "versions").iterdir())[-1]
    vectors = DenseIndex.load(version / "dense.faiss").vectors
    with (version / "passages.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    ids, texts = [row["passage_id"] for row in rows], [row["text"] for row in rows]
    encoder = load_encoder("bundled")
    questions = {text: encoder.encode_queries([text])[0] for text in asked}
    truth = {
        text: {ids[number] for number in np.argsort(-(vectors @ vector))[:NEIGHBOURS]}
        for text, vector in questions.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        search = {"chroma": _chroma, "txtai": _txtai}[name](Path(folder), ids, texts, vectors)
        built = time.perf_counter() - start
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        hits = [len(truth[text] & set(search(vector))) for text, vector in questions.items()]
        return {
            f"peer_{name}": {
                "add_seconds": round(built, 1),
                "index_megabytes": round(size / 1e6, 1),
                "recall": round(sum(hits) / len(hits) / NEIGHBOURS, 4),
                **timed(lambda text: search(questions[text]), list(questions), 1),
                "serve_megabytes": round(megabytes()),
            }
        }


def _chroma(folder: Path, ids: list[str], texts: list[str], vectors: Any) -> Callable[..., Any]:  # noqa: ANN401
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    found = client.create_collection(
        "passages", embedding_function=None, metadata={"hnsw:space": "ip"}
    )
    for at in range(0, len(ids), BATCH):
        part = slice(at, at + BATCH)
        found.add(ids[part], embeddings=vectors[part], documents=texts[part])
    return lambda vector: found.query(query_embeddings=vector[None], n_results=NEIGHBOURS)["ids"][0]


def _txtai(folder: Path, ids: list[str], texts: list[str], vectors: Any) -> Callable[..., Any]:  # noqa: ANN401
    from txtai import Embeddings

    # "external" takes vectors that are there already; a text is looked up, a question passed on.
    by_text = dict(zip(texts, vectors, strict=True))

    def transform(batch: list[Any]) -> list[Any]:
        return [by_text.get(one, vectors[0]) if isinstance(one, str) else one for one in batch]

    found = Embeddings(method="external", transform=transform, content=True)
    found.index(zip(ids, texts, [None] * len(ids), strict=True))
    found.save(str(folder / "txtai"))
    # Its vectors are searched alone, as ours are; they are numbered in the order they came.
    return lambda vector: [ids[hit[0]] for hit in found.ann.search(vector[None], NEIGHBOURS)[0]]
