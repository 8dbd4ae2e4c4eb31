"""Pages that stand before the article: agree first, log in first."""

from __future__ import annotations

import re
from itertools import islice

from radiotui.documents.html_tree import Element, HtmlPage, class_words, words
from radiotui.documents.model import Article, block_text
from radiotui.problems import Problem
from radiotui.text import count_words

# Words of a story: few are enough, but a page that asks for a password praises itself.
_ENOUGH_PROSE = 25
_ENOUGH_BESIDE_A_FORM = 80
_SHORT = 150
_MOST_TEXTS = 20_000
_CONSENT = re.compile(
    r"before you continue|cookies?\b|your privacy|privacy (?:policy|settings|choices)|consent\b"
    r"|datenschutz|zustimm|consentement|consentimiento",
    re.IGNORECASE,
)
_AGREE = re.compile(
    r"\b(?:accept|agree|allow|consent|i understand|reject|akzeptier|zustimm|accepter|aceptar)",
    re.IGNORECASE,
)
_NEW_ACCOUNT = r"create (?:an?|your)? ?(?:free )?account"
_ACCOUNT = rf"\b(?:(?:log|sign)[ -]?(?:in|on|up)|register|subscribe|{_NEW_ACCOUNT})\b"
_LOGIN = re.compile(
    _ACCOUNT + r"|\balready (?:a|have)\b.{0,30}(?:subscriber|member|account)", re.IGNORECASE
)
_TO_READ_ON = re.compile(
    _ACCOUNT + r".{0,60}\bto (?:continue|keep|read|unlock|access|view|see)\b"
    r"|to (?:continue|keep) reading|\bsubscribers? only\b|\bonly for subscribers"
    r"|this (?:article|story|content) is (?:\w+ ){0,3}(?:for|to) (?:subscribers|members)",
    re.IGNORECASE,
)
_OF_A_WALL = re.compile(
    r"\bour \d* ?partners\b|legitimate interest|\bpersonal data\b|\bsubscri|\bpassword\b"
    r"|\byour (?:account|choices|preferences|e-?mail)\b",
    re.IGNORECASE,
)
_WALLS = (_CONSENT, _TO_READ_ON, _LOGIN, _OF_A_WALL)


def may_be_wall(article: Article | None) -> bool:
    """Test for so little text that the page may stand before the article."""
    return article is None or _prose(article) < _SHORT


class LoginWall:
    """Signs of a consent or login page, in a page that was not taken apart."""

    def __init__(self, page: HtmlPage, *, is_free: bool) -> None:
        root = page.root
        text = " ".join(" ".join(islice(root.itertext(), _MOST_TEXTS)).split())[:40_000]
        buttons = root.xpath("//button|//input[@type='submit']|//a|//*[@role='button']")[:300]
        labels = " ".join(f"{words(button, 80)} {button.get('value') or ''}" for button in buttons)
        asks = bool(_LOGIN.search(text))
        self._page = page
        self._cut = not is_free or (asks and bool(_TO_READ_ON.search(text)))
        self._wants_consent = bool(_CONSENT.search(text) and _AGREE.search(labels))
        self._wants_login = self._cut or (asks and bool(_LOGIN.search(labels)))
        fields = root.xpath("//input[@type='password']")[:20]
        self._has_form = any(not _is_aside(field) for field in fields)

    def check(self, article: Article | None, *, of_an_article: bool = False) -> None:
        """Raise Problem where what was read (None: nothing) is the wall, or a beginning.

        Text whose place is that of articles (``of_an_article``) is no wall itself.
        """
        if not of_an_article:
            self._check_prose(_prose(article) if article else 0)
        if article and self._cut and article.words < _SHORT:
            raise _login(self._page)

    def _check_prose(self, prose: int) -> None:
        if prose < _ENOUGH_BESIDE_A_FORM and self._has_form:
            raise _login(self._page)
        if prose < _ENOUGH_PROSE and self._wants_consent:
            raise Problem(
                f"{self._page.name} wants you to agree to something first",
                "open it in the browser to read it there",
                self._page.url,
            )
        if prose < _ENOUGH_PROSE and self._wants_login:
            raise _login(self._page)


def _login(page: HtmlPage) -> Problem:
    return Problem(
        f"{page.name} wants you to log in first",
        "open it in the browser to read it there",
        page.url,
    )


def _is_aside(field: Element) -> bool:
    """Test for the form of a menu or of a window that is not open."""
    return any(
        above.tag in {"header", "nav", "footer", "aside", "dialog", "template"}
        or above.get("hidden") is not None
        or above.get("aria-hidden") == "true"
        or class_words(above) & {"modal", "popup", "dropdown", "overlay", "menu", "header"}
        for above in field.iterancestors()
    )


def _prose(article: Article) -> int:
    """Words in lines that speak of something else than cookies and accounts."""
    count = 0
    for line in (line for block in article.text for line in block_text(block).split("\n")):
        if not any(sign.search(line) for sign in _WALLS):
            count += count_words(line)
        if count >= _SHORT:
            # No test asks for more.
            break
    return count
