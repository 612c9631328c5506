"""How many results a question asks for: "anna viisi", "top 3", "we need ten companies"."""

from __future__ import annotations

import re

from hytki_match.matching.words import Found, same_length_fold

MAX_COUNT = 50

_NUMBERS = {
    "kaksi": 2, "kolme": 3, "nelja": 4, "viisi": 5, "kuusi": 6, "seitseman": 7, "kahdeksan": 8,
    "yhdeksan": 9, "kymmenen": 10,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip

NUMBER_WORDS = frozenset(
    {*_NUMBERS, "yksi", "one", "yhden", "yhta", "kahden", "kahta", "kolmen", "kolmea", "neljan"}
    | {"neljaa", "viiden", "viitta", "kuuden", "kuutta", "kymmenta", "dozen"}
)
"""Words of numbers, folded: they say nothing of what is counted."""

_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_ASKING = (
    r"(?:anna|nayta|listaa|luettele|hae|etsi|ehdota|vain|parhaat|ensimmaiset"
    r"|give|show|list|find|suggest|only|just|top|first|best)"
)
_BETWEEN = r"(?:\s+(?:mulle|minulle|vain|parhaat|ensimmaiset|me|us|only|just|the|top|first|best))*"
# Of these the corpus has records.
_NOUN = (
    r"(?:\w+lais(?:ta|ia)\s+)?"
    r"(?:yritysta|firmaa|startupia|toimittajaa|valmistajaa|kumppania|tapahtumaa|tyokalua|testialustaa"
    r"|organisaatiota|rahoittajaa|sairaalaa|biopankkia|testiymparistoa|vaihtoehtoa|companies|firms"
    r"|startups|start-ups|vendors|suppliers|manufacturers|partners|events|tools|organisations"
    r"|organizations|funders|hospitals|biobanks|test\s*beds|options|funding\s+sources)(?!\w)"
)
# What the number counts: results, by one of their names, or nothing more ("give me five").
_COUNTED = (
    rf"(?=\s*(?:$|[.!?,;])|\s+{_NOUN}|\s+(?:paras\w*|ensimmai\w*|osuma\w*|tulos\w*|vaihtoeh\w*"
    r"|ehdotu\w*|niista|lisaa|yrity\w*|tapahtum\w*|tyokalu\w*|organisaatio\w*|kumppani\w*|kiitos|best|first|more"
    r"|results?|hits?|matches|options|suggestions|of\s+(?:them|those|these)|companies|events|tools"
    r"|organisations|organizations|partners|please)(?!\w))"
)
_COUNT = re.compile(rf"(?<![\w-]){_ASKING}{_BETWEEN}\s+{_NUMBER}(?![\w-]){_COUNTED}")
# Who needs five nurses is not shown five records; of these nouns the corpus has records.
_NEEDING = (
    r"(?:tarvitsemme|tarvitsen|tarvitaan|haemme|haen|etsimme|etsin|haluamme|haluan|kaipaamme|kaipaan"
    r"|need|want|looking\s+for|seeking|seek)"
)
_NEED = re.compile(rf"(?<![\w-]){_NEEDING}\s+{_NUMBER}(?![\w-])(?=\s+{_NOUN})")
# "Three companies in Oulu that …"; "three companies have tried it" tells who asks.
_SOUGHT = re.compile(
    rf"^\W*{_NUMBER}(?=\s+{_NOUN}(?:\s+(?:in|from|near|around)(?:\s+[\w-]+){{1,2}}?"
    r"|(?:\s+[\w-]+)?\s+[\w-]+(?:ssa|sta|lla|lta)(?:\s+(?:tai|ja)\s+[\w-]+(?:ssa|sta|lla|lta))?)?\s*,?"
    r"(?:\s*$|\s*[.!?]|\s+(?:jo(?:tka|illa|ilta|ille|iden|ita|issa)|that|which|who|to|for"
    r"|\w{3,}ing)(?!\w)))"
)
_ENOUGH = re.compile(
    rf"^\W*{_NUMBER}(?=\s+(?:riittaa|riittavat|kelpaa|on\s+tarpeeksi|is\s+enough|are\s+enough|will\s+do)(?!\w))"
)
# Beginning a clause these ask for a list of whatever follows but a length of time.
_LIST = re.compile(
    r"(?:^|[.!?,;:]\s|\b(?:please|you)\s)\W*"
    rf"(?:list|name|mainitse|luettele|listaa|nimea)\s+{_NUMBER}(?![\w-])"
    r"(?=\s+(?!years?|months?|weeks?|days?|hours?|vuo\w|kuukau|viikko|paivaa|tunti)[^\W\d]{4})"
)


def find_count(question: str) -> Found | None:
    """Return how many results a question asks for, 1 to 50 as text, and where it says so.

    A number of anything else (``only two employees``) is none.
    """
    folded = same_length_fold(question)
    patterns = (_COUNT, _NEED, _LIST, _SOUGHT, _ENOUGH)
    match = next(filter(None, (pattern.search(folded) for pattern in patterns)), None)
    if not match:
        return None
    number = match["number"]
    count = _NUMBERS.get(number) or int(number)
    return Found(str(count), *match.span()) if 0 < count <= MAX_COUNT else None
