"""Questions made from the corpus's own topics, and changes of wording that keep their meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

REGIONS = {
    # The first form stands in the question; the others say the same place.
    "fi": {
        "oulu": ("Oulussa", "Oulusta", "Oulun seudulla", "Oulun alueelta", "Pohjois-Pohjanmaalla"),
        "turku": ("Turussa", "Turusta", "Turun seudulta", "Varsinais-Suomessa"),
        "kuopio": ("Kuopiossa", "Kuopiosta", "Kuopion alueella", "Pohjois-Savosta"),
        "jyvaskyla": ("Jyväskylässä", "Jyväskylästä", "Jyväskylän seudulla", "Keski-Suomessa"),
        "kainuu": ("Kainuussa", "Kainuusta", "Kajaanissa", "Kajaanista"),
    },
    "en": {
        "oulu": ("in Oulu", "from Oulu", "in the Oulu region", "around Oulu"),
        "turku": ("in Turku", "from Turku", "in the Turku area", "in Southwest Finland"),
        "kuopio": ("in Kuopio", "from Kuopio", "in the Kuopio area", "in North Savo"),
        "jyvaskyla": ("in Jyväskylä", "from Jyväskylä", "in Central Finland"),
        "kainuu": ("in Kainuu", "from Kainuu", "in Kajaani"),
    },
}
KINDS = {
    "fi": ("yritykset", "työkalut", "tapahtumat", "oppaat"),
    "en": ("companies", "tools", "events", "guides"),
}
OPENINGS = {
    "fi": ("Etsin tätä:", "Kuka auttaa:", "Mistä löytyy:", "Tarvitsemme apua:"),
    "en": ("Looking for", "Who can help with", "Where is", "We need help with"),
}
POLITE = {
    "fi": ("Hei, {}", "Moi! {}", "{} Kiitos!", "Hei! {} Kiitos etukäteen.", "Huomenta, {}"),
    "en": ("Hi, {}", "Hello! {}", "{} Thanks!", "Hi there, {} Thank you.", "{} Thanks in advance."),
}
PUNCTUATION = (
    lambda text: text.rstrip("?"),
    lambda text: f"{text.rstrip('?')}??",
    lambda text: f"{text.rstrip('?')}...",
    lambda text: f"  {text.replace(' ', '  ')} ",
    lambda text: text.replace(",", ""),
    lambda text: f"”{text}”",
)
CASES = (str.upper, str.lower, str.title)
DOTS = str.maketrans("äöåÄÖÅ", "aoaAOA")
MIN_TYPO_CHARS = 5

CHANGES = ("case", "punctuation", "dots", "typo", "place", "order", "polite")
"""The sorts of changes; ``place`` is another form of the region's name."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in parts: an opening, a topic, perhaps a kind and a region."""

    language: str
    opening: str
    topic: str
    kind: str = ""
    region: str = ""

    @property
    def text(self) -> str:
        return self.in_order((self.topic, self.kind, self.region))

    def in_order(self, parts) -> str:
        return f"{self.opening} {', '.join(part for part in parts if part)}?"


@st.composite
def wordings(draw, topics) -> Wording:
    """Draw a question; ``topics`` gives the topic labels of each language."""
    language = draw(st.sampled_from(("fi", "en")))
    region_id = draw(st.sampled_from(("", *REGIONS[language])))
    return Wording(
        language,
        draw(st.sampled_from(OPENINGS[language])),
        draw(st.sampled_from(topics[language])),
        draw(st.sampled_from(("", "", *KINDS[language]))),
        REGIONS[language][region_id][0] if region_id else "",
    )


@st.composite
def changed(draw, wording: Wording, change: str) -> str:
    """Draw another text that asks the same."""
    text = wording.text
    if change == "case":
        return draw(st.sampled_from(CASES))(text)
    if change == "punctuation":
        return draw(st.sampled_from(PUNCTUATION))(text)
    if change == "dots":
        return text.translate(DOTS)
    if change == "polite":
        polite = draw(st.sampled_from(POLITE[wording.language]))
        return polite.format(text)
    if change == "order":
        parts = draw(st.permutations((wording.topic, wording.kind, wording.region)))
        return wording.in_order(parts)
    if change == "place":
        forms = [f for f in REGIONS[wording.language].values() if f[0] == wording.region]
        return replace(wording, region=draw(st.sampled_from(forms[0]))).text if forms else text
    return draw(_with_a_typo(wording))


@st.composite
def _with_a_typo(draw, wording: Wording) -> str:
    """Leave out, double or swap a letter inside one longer word of the topic."""
    words = wording.topic.split()
    long = [n for n, word in enumerate(words) if len(word) >= MIN_TYPO_CHARS]
    if not long:
        return wording.text
    number = draw(st.sampled_from(long))
    word = words[number]
    at = draw(st.integers(1, len(word) - 2))
    words[number] = draw(
        st.sampled_from(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    )
    return replace(wording, topic=" ".join(words)).text
