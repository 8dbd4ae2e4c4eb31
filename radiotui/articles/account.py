"""Account of how a page was read: what each layer gave, and what was left out and why.

The layers are functions of each other's results; they write their counts here, where
somebody asked for an account, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from radiotui.documents.html_tree import Element, drop, text_of
from radiotui.text import count_words


@dataclass(slots=True)
class Account:
    """Counts of one reading."""

    words_by_layer: dict[str, int] = field(default_factory=dict)
    """Words of each layer that was asked, in their order."""
    text_from: str = "the site's own markup"
    """The layer whose words the article has."""
    is_placed: bool = True
    """Whether they were read from where they stand on the page."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Words left out of the text's place, by the reason."""
    embeds: dict[str, int] = field(default_factory=dict)
    """Films, sounds and drawings that are links in the article, by their kind."""
    remarks: list[str] = field(default_factory=list)
    """Notes to the reader on what the article lacks."""

    def lines(self) -> Iterator[str]:
        """The account in sentences."""
        for layer, words in self.words_by_layer.items():
            yield f"{layer}: {words} words"
        place = "where it stands on the page" if self.is_placed else "as that layer gave it"
        yield f"text taken from {self.text_from}, {place}"
        for reason, words in self.left_out.items():
            yield f"left out, {reason}: {words} words"
        for kind, count in self.embeds.items():
            yield f"a link instead, {kind.lower()}: {count}"
        for remark in self.remarks:
            yield f"note in the article: {remark}"


_account: ContextVar[Account | None] = ContextVar("account", default=None)


@contextmanager
def accounted() -> Iterator[Account]:
    """Write an account of what is read inside."""
    account = Account()
    token = _account.set(account)
    try:
        yield account
    finally:
        _account.reset(token)


def note_layer(layer: str, words: int) -> None:
    """Write down what a layer gave."""
    if account := _account.get():
        account.words_by_layer[layer] = words


def note_text(layer: str, *, is_placed: bool) -> None:
    """Write down where the article's text comes from."""
    if account := _account.get():
        account.text_from, account.is_placed = layer, is_placed


def note_embed(kind: str) -> None:
    """Write down that a link stands for a film, a sound or a drawing."""
    if account := _account.get():
        account.embeds[kind] = account.embeds.get(kind, 0) + 1


def note_remark(text: str) -> None:
    """Write down a note to the reader."""
    account = _account.get()
    if account and text not in account.remarks:
        account.remarks.append(text)


def note_left_out(reason: str, words: int) -> None:
    """Write down how many words were left out, and why."""
    account = _account.get()
    if account and words:
        account.left_out[reason] = account.left_out.get(reason, 0) + words


def leave_out(element: Element, reason: str) -> None:
    """Take an element out of its page, and write down why."""
    if _account.get():
        note_left_out(reason, count_words(text_of(element)))
    drop(element)
