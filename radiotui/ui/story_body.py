"""A story's text. Imported with the first story that is opened: Markdown takes its time."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual.message import Message
from textual.widgets import Markdown

from radiotui.ui.steady import Steady


class _Parser(MarkdownIt):
    """Markdown as feeds may write it: no HTML, no links but to the web, pictures by their name."""

    def __init__(self) -> None:
        super().__init__("gfm-like", {"html": False})
        self.addresses: dict[str, str] = {}

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Whatever is refused here stays on the page as the text it was."""
        return urlsplit(url).scheme in {"http", "https"}

    def parse(self, src: str, env: Any = None) -> list[Token]:
        """The tokens, with pictures as links to them, and the addresses remembered as written."""
        tokens = super().parse(src, env)
        for token in tokens:
            if token.children:
                token.children = [part for child in token.children for part in _shown(child)]
                self._remember(token.children)
        return tokens

    def _remember(self, tokens: list[Token]) -> None:
        for token in tokens:
            address = str(token.attrs.get("href", ""))
            self.addresses[unquote(address)] = address


class StoryBody(Steady, Markdown):
    """Text with links that are told, not opened."""

    DEFAULT_CSS = """
    StoryBody MarkdownHeader {
        margin: 1 0 1 0;
        content-align: left middle;
        color: $foreground;
        text-style: bold;
    }

    StoryBody MarkdownBlockQuote {
        border-left: outer $border-blurred;
        background: $background;
        margin: 0 0 1 0;
    }
    """

    class Followed(Message):
        """A link was clicked."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    def __init__(self) -> None:
        super().__init__(open_links=False, parser_factory=lambda: self._parser)
        self._parser = _Parser()

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        """Tell the address as it was written: Textual hands it over with its escapes undone."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Followed(self._parser.addresses.get(event.href, event.href)))


def _shown(token: Token) -> list[Token]:
    if token.type != "image":
        return [token]
    text = Token("text", "", 0, content=f"[picture: {token.content or 'no caption'}]")
    opening = Token("link_open", "a", 1, attrs={"href": str(token.attrs.get("src", ""))})
    return [opening, text, Token("link_close", "a", -1)]
