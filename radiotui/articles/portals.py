"""Pages of somebody else in a story's place: a hotel's login page, a parked domain."""

from __future__ import annotations

import re
from collections.abc import Iterable

from radiotui.net.urls import host_of

_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")
# Without spaces between its words: two letters each.
_LETTERS_OF_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_A_NUMBER = re.compile(r"[\d.]+|.*:.*")
_IN_THE_TITLE = 0.3
_IN_THE_TEXT = 0.5


def is_of_the_story(
    titles: Iterable[str], asked_url: str, answer_url: str, title: str, text: str
) -> bool:
    """Test a page that another site answered with for the story that it was asked for.

    ``titles`` are the story's in its feeds. The page has to have some of the words of one in its
    title, or half of them in its text. True where nobody else answered, and where the story has
    no title to compare.
    """
    if _site(asked_url) == _site(answer_url):
        return True
    by_title = [words for words in map(_words, titles) if len(words) > 1]
    in_title, in_text = _words(title), _words(text)
    return not by_title or any(
        len(words & in_title) >= _IN_THE_TITLE * len(words)
        or len(words & (in_title | in_text)) > _IN_THE_TEXT * len(words)
        for words in by_title
    )


def _words(text: str) -> set[str]:
    text = text.casefold()
    pairs = {
        run[at : at + 2] for run in _LETTERS_OF_CJK.findall(text) for at in range(len(run) - 1)
    }
    return {*_WORD.findall(_LETTERS_OF_CJK.sub(" ", text)), *pairs}


def _site(url: str) -> str:
    host = host_of(url)
    return host if _A_NUMBER.fullmatch(host) else ".".join(host.rsplit(".", 2)[-2:])
