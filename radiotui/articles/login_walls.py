"""Pages that stand before the article: agree first, log in first."""

from __future__ import annotations

import re

from radiotui.documents.html_tree import BLOCKS, Element, HtmlPage, elements, words
from radiotui.problems import Problem

# Words of a story: few are enough, but a page that asks for a password praises itself.
_ENOUGH_PROSE = 25
_ENOUGH_BESIDE_A_FORM = 80
_SHORT = 150
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


class LoginWall:
    """Signs of a consent or login page, read before the page is taken apart."""

    def __init__(self, page: HtmlPage, *, is_free: bool) -> None:
        text = words(page.root, 40_000)
        self._page = page
        self._asks = bool(_LOGIN.search(text))
        self._cut = not is_free or (self._asks and bool(_TO_READ_ON.search(text)))
        self._cookies = bool(_CONSENT.search(text))

    def check(self) -> None:
        """Raise Problem where there is a wall and no article."""
        prose = _prose(self._page)
        if prose >= _ENOUGH_BESIDE_A_FORM:
            return
        root = self._page.root
        if root.xpath("//input[@type='password']"):
            raise _login(self._page)
        if prose >= _ENOUGH_PROSE:
            return
        buttons = root.xpath("//button|//input[@type='submit']|//a|//*[@role='button']")[:300]
        labels = " ".join(f"{words(button, 80)} {button.get('value') or ''}" for button in buttons)
        if self._cookies and _AGREE.search(labels):
            raise Problem(
                f"{self._page.name} wants you to agree to something first",
                "open it in the browser to read it there",
                self._page.url,
            )
        if self._cut or (self._asks and _LOGIN.search(labels)):
            raise _login(self._page)

    def check_length(self, count: int) -> None:
        """Raise Problem where a text of so many words is only the beginning of one."""
        if self._cut and count < _SHORT:
            raise _login(self._page)


def _login(page: HtmlPage) -> Problem:
    return Problem(
        f"{page.name} wants you to log in first",
        "open it in the browser to read it there",
        page.url,
    )


def _prose(page: HtmlPage) -> int:
    """Words in paragraphs that speak of something else than cookies and accounts."""
    total = 0
    for node in elements(page.root):
        if node.tag not in {"p", "div", "li", "td", "section", "article"}:
            continue
        if any(child.tag in BLOCKS for child in node):
            continue
        prose_words = words(node, 4000)
        count = len(prose_words.split())
        of_a_wall = any(sign.search(prose_words) for sign in _WALLS)
        if count >= 8 and not of_a_wall and not _in_the_frame(node):
            total += count
        if total >= _ENOUGH_BESIDE_A_FORM:
            # More of it makes no difference, and a page may have megabytes.
            break
    return total


def _in_the_frame(node: Element) -> bool:
    return any(above.tag in {"nav", "footer", "header"} for above in node.iterancestors())
