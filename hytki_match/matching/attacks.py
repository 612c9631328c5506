"""Texts that try to command the assistant or to smuggle code in: they are no questions.

Nothing here would obey them. They are told apart so that nobody gets matches, and a contact to
call, for a text that asks for none. What is only odd (a tag, a quotation mark) is still searched.
"""

from __future__ import annotations

import re

from hytki_match.matching.words import list_pattern, same_length_fold, says

REACH = 80
"""Characters after a verb in which its object is looked for; a sentence's end cuts them."""

_SENTENCE_END = re.compile(r"[.!?:;\n]")

_CODE = re.compile(
    r"<\s*/?\s*(?:script|iframe|svg|object|embed)\b|<[^>]*\son[a-z]+\s*=|javascript:|data:text/html"
    r"|\{\{.*?\}\}|\$\{[^}]*\}|<%|\$\([a-z]"
    r"|\bunion\s+(?:all\s+)?select\b|\bselect\s+\*\s+from\b|\bdrop\s+(?:table|database)\b"
    r"|\bdelete\s+from\s+\w+\s*(?:where\b|;)|\binsert\s+into\s+\w+\s*(?:values\b|\()"
    r"|\bupdate\s+\w+\s+set\s+\w+\s*="
    r"|'\s*(?:or|and)\s+'?\w+'?\s*=|\bor\s+1\s*=\s*1\b|\bxp_cmdshell\b"
    r"|\brm\s+-r?f|/etc/passwd|(?:\.\./){2}|;\s*(?:cat|curl|wget|bash|sh)\s"
    r"|^\s*[=+@-][a-z]+[(|]|<\|\w+\|>|\[/?inst\]|^\s*#*\s*(?:system|assistant)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
"""Markup that runs, templates, SQL, shell, formulas of spreadsheets, marks of chat models."""


def is_attack(text: str) -> bool:
    """Tell whether a text commands the assistant (drop your rules, show your secrets) or is code.

    A command is a verb with what it is about soon after it: ``ignore … your instructions``. The
    words stand in ``limits.toml``, in Finnish and English.
    """
    if _CODE.search(text):
        return True
    folded = same_length_fold(text)
    return (
        says("attack", "role", folded)
        or _commands(folded, "drop", "rules")
        or _commands(folded, "show", "secrets")
    )


def _commands(folded: str, verbs: str, objects: str) -> bool:
    """Tell whether a verb is followed by one of its objects and by a word for "all" or "yours"."""
    for verb in list_pattern("attack", verbs).finditer(folded):
        reached = _SENTENCE_END.split(folded[verb.end() : verb.end() + REACH])[0]
        if says("attack", objects, reached) and says("attack", "pointers", reached):
            return True
    return False
