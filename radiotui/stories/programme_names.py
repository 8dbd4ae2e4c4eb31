"""Names of programmes as feeds and stories write them: compared so that a match is sure.

A name is reduced to its own words: without articles, networks, "podcast" and presenters. What
has no words of its own ("News", "Jazz") matches nothing.
"""

from __future__ import annotations

import re

import msgspec

from radiotui.text import clean

_LONGEST = 200
_MOST_HOSTS = 6
_LEAST_HOST_WORDS, _MOST_HOST_WORDS = 2, 5
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TOKEN = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_PRESENTED = re.compile(r"\s+(?:with|hosted by|presented by)\s+", re.IGNORECASE)
_HOSTS_APART = re.compile(r"\s*(?:[,;/&]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_PIECES = re.compile(r"\s*(?:[…!?:;|]|\.{2,}|\s[–—-]\s)+\s*")
_ARTICLES = frozenset({"the", "a", "an"})
_NETWORKS = frozenset(
    "npr nprs pri prx apm bbc bbcs abc cbc rnz pbs pubradio wnyc".split()  # noqa: SIM905
)
_ABOUT_A_FEED = frozenset(
    "podcast podcasts show program programme feed rss episodes from by".split()  # noqa: SIM905
)
_GENERIC = _ARTICLES | frozenset(
    "afternoon air and announced be blues broadcast classical daily encore evening folk headlines "  # noqa: SIM905
    "hour hours jazz live local midday midnight mix morning music musik nachrichten national news "
    "newscast night noon noticias of off overnight playlist politics program programme programming "
    "radio regional repeat report reports rock service show sign special specials sport sports "
    "stream talk tba tbd to today tonight traffic unknown update updates various weather weekday "
    "weekend with world".split()
)
"""Words that many programmes are called by: a name of them alone is nobody's own."""


class ProgrammeName(msgspec.Struct, frozen=True):
    """The name of a programme and its presenters, ready to be compared."""

    words: tuple[str, ...]
    """The words of its own; none where the name could be any programme's."""
    spellings: tuple[str, ...]
    """The name as running text has it, capitals and all."""
    hosts: tuple[str, ...]
    """Whole names of presenters."""

    @property
    def phrase(self) -> str:
        """The name as a phrase of the search's index."""
        return phrase_of(self.spellings[0]) if self.spellings else ""

    def names_feed(self, title: str) -> bool:
        """True where a feed is called as the programme is, and by nobody else's name."""
        name, _, presented = _split(title)
        if not self.words or _own_words(name) != self.words:
            return False
        others = _hosts(presented)
        return not others or not self.hosts or bool(_folded(others) & _folded(self.hosts))


def read_programme(title: str, host: str | None) -> ProgrammeName:
    """Words, spellings and hosts of a programme, as a schedule names them."""
    name, _, presented = _split(title)
    words = _own_words(name)
    hosts = tuple(dict.fromkeys([*_hosts(host or ""), *_hosts(presented)]))[:_MOST_HOSTS]
    return ProgrammeName(words, _spellings(name) if words else (), hosts)


def phrase_of(text: str) -> str:
    """Text as a phrase in the language of the search's index."""
    words = " ".join(_TOKEN.findall(text))
    return f'"{words}"'


def _split(title: str) -> tuple[str, str, str]:
    """A title without what stands in brackets, and who presents it by its own words."""
    text = clean(_ASIDE.sub(" ", clean(title, _LONGEST)))
    parts = _PRESENTED.split(text, maxsplit=1)
    return (parts[0], " with ", parts[1]) if len(parts) == 2 and parts[0] else (text, "", "")


def _own_words(name: str) -> tuple[str, ...]:
    words = [re.sub("['’]", "", word).casefold() for word in _WORD.findall(name)]
    if set(words) <= _GENERIC | _NETWORKS | _ABOUT_A_FEED:
        return ()
    while words and words[0] in _ARTICLES | _NETWORKS:
        words.pop(0)
    while words and words[-1] in _ABOUT_A_FEED | _NETWORKS:
        words.pop()
    return () if set(words) <= _GENERIC else tuple(words)


def _spellings(name: str) -> tuple[str, ...]:
    """The part of a name that has no stops within it, with each of its apostrophes."""
    pieces = [piece for piece in _PIECES.split(name) if piece.strip(" .,")]
    core = max(pieces, key=lambda piece: len(_WORD.findall(piece)), default=name).strip(" .,")
    if not _own_words(core):
        core = name
    spellings = [core, core.replace("'", "’"), core.replace("’", "'")]
    spellings += [core.replace(" & ", " and "), core.replace(" and ", " & ")]
    return tuple(dict.fromkeys(spellings))


def _hosts(text: str) -> tuple[str, ...]:
    """The whole names in a list of presenters; a first name alone is many people's."""
    names = (clean(name, 80) for name in _HOSTS_APART.split(clean(text, _LONGEST)))
    return tuple(name for name in names if _is_person(name))


def _is_person(name: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(name)]
    is_whole = _LEAST_HOST_WORDS <= len(words) <= _MOST_HOST_WORDS
    return is_whole and not set(words) & (_GENERIC | _NETWORKS | _ABOUT_A_FEED)


def _folded(names: tuple[str, ...]) -> set[str]:
    return {" ".join(_WORD.findall(name)).casefold() for name in names}
