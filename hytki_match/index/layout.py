"""The one module that knows the file names of an index.

::

    index/
    ├── current                   which version serves, and the checksum of its manifest
    ├── .lock                     held while something writes
    ├── vectors/                  a cache: vectors of texts that were encoded before
    ├── .forgetting.json          only while `forget` runs, so that it can go on
    ├── served.json               which served before, were rolled back, or refused
    ├── exports.json              where `export` wrote files, so that `forget` finds them
    └── versions/
        └── 20240131T120000000000Z/
            ├── manifest.json     checksum of every other file, digests, counts, versions
            ├── manifest.sha256   checksum of the manifest, for versions that do not serve
            ├── passages.jsonl    in vector order
            ├── owners.npy languages.npy    the place of each passage's record, and its language
            ├── ids.txt           of the records, in their order
            ├── records.jsonl contacts.jsonl regions.jsonl topics.jsonl
            ├── facts.*           tables, kinds, regions and days of the records
            ├── names.*           rare words of their names
            ├── called.*          what they are called by, as stems
            ├── *.ends.npy        where the lines of passages, records, ids and names end
            ├── dense.faiss
            ├── questions.jsonl asked.faiss compared.faiss    known questions, and their vectors in
            │                     that order: as encoded, and as questions compare with each other
            ├── compounds.txt stems.txt    words that Finnish compounds are split at; their stems
            ├── spellings-fi.txt spellings-en.txt    how often words are spelt so
            └── words-fi.* words-en.* grams-fi.* grams-en.*
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

POINTER = "current"
LOCK = ".lock"
VERSIONS = "versions"
UNFINISHED = ".building-"
MANIFEST = "manifest.json"
CHECKSUM = "manifest.sha256"
VECTORS = "vectors"
SERVED = "served.json"
EXPORTS = "exports.json"
FORGETTING = ".forgetting.json"
PASSAGES = "passages.jsonl"
OWNERS = "owners.npy"
PASSAGE_LANGUAGES = "languages.npy"
IDS = "ids.txt"
RECORDS = "records.jsonl"
CONTACTS = "contacts.jsonl"
REGIONS = "regions.jsonl"
TOPICS = "topics.jsonl"
DENSE = "dense.faiss"
QUESTIONS = "questions.jsonl"
ASKED = "asked.faiss"
COMPARED = "compared.faiss"
COMPOUNDS = "compounds.txt"
STEMS = "stems.txt"
SPELLINGS = "spellings"
FACTS = "facts"
NAMES = "names"
CALLED = "called"

FORMAT = 11
"""Raised when files change their meaning; an index of another format has to be built again."""

KEPT_VERSIONS = 3
"""How many versions stay after a build: enough to step back, too few to fill a disk."""


def ends_of(file: Path) -> Path:
    """Return the file that says where each line of a file ends."""
    return file.with_suffix(".ends.npy")
