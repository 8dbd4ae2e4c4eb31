"""Texts in the store: blocks as JSON, and the Markdown that older stores hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.articles.serialise import (
    is_same_body,
    plain_article,
    read_article,
    read_blocks,
    read_changes,
    write_article,
    write_blocks,
    write_changes,
)
from radiotui.documents.html_to_blocks import html_to_blocks
from radiotui.documents.markdown_reader import markdown_to_blocks
from radiotui.documents.markdown_writer import blocks_to_markdown
from radiotui.documents.model import (
    Article,
    ArticleChanges,
    Block,
    CodeBlock,
    Figure,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Run,
    StoryAudio,
    Table,
)
from tests.documents import blocks
from tests.pages import articles

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
HTML = """
<p>One <b>bold</b> and <i>odd</i> <a href="https://x.example/a">link</a>,<br>a line.</p>
<h2>Heading</h2><blockquote><p>Said.</p><ul><li>a<li>b</ul></blockquote>
<ol start=3><li><p>c</p><p>d</p></li><li>e</li></ol><hr>
<table><tr><th>H</th><th>I</th></tr><tr><td>1</td><td><s>2</s></td></tr></table>
"""
EVERY_BLOCK: tuple[Block, ...] = (
    Paragraph(
        (
            Run("One "),
            Run("bold", ("strong",)),
            Run(" and "),
            Run("odd", ("emphasis",)),
            Run(" "),
            Run("link", (), "https://x.example/a"),
            Run(","),
            Run("\n"),
            Run("a line."),
        )
    ),
    Heading(2, (Run("Heading"),)),
    Quote(
        (
            Paragraph((Run("Said."),)),
            ListBlock(
                (
                    ListItem((Paragraph((Run("a"),)),)),
                    ListItem((Paragraph((Run("b"),)),)),
                )
            ),
        )
    ),
    ListBlock(
        (
            ListItem((Paragraph((Run("c"),)), Paragraph((Run("d"),)))),
            ListItem((Paragraph((Run("e"),)),)),
        ),
        start=3,
        loose=True,
    ),
    Rule(),
    Table((((Run("H"),), (Run("I"),)), ((Run("1"),), (Run("2", ("strike",)),)))),
)


def old_form(article: Article) -> str:
    """An article as it was kept when texts were Markdown."""
    fields = json.loads(write_article(article))
    parts: list[object] = []
    for part in article.parts:
        if isinstance(part, Figure):
            parts.append({"url": part.url, "caption": part.caption, "credit": part.credit})
        elif parts and isinstance(parts[-1], str):
            parts[-1] += "\n\n" + blocks_to_markdown([part])
        else:
            parts.append(blocks_to_markdown([part]))
    fields["parts"], fields["note"] = parts, blocks_to_markdown(article.note)
    if fields["lead"]:
        del fields["lead"]["type"]
    return json.dumps(fields)


def test_html_is_read_as_blocks() -> None:
    assert html_to_blocks(HTML) == EVERY_BLOCK


@pytest.mark.parametrize("block", [*EVERY_BLOCK, Figure("https://x.example/1.jpg", "A", "B")])
def test_blocks_come_back_from_the_store(block: Block) -> None:
    assert read_blocks(write_blocks((block,))) == (block,)


@pytest.mark.parametrize("block", [*EVERY_BLOCK, CodeBlock("def f():\n    return `1`")])
def test_markdown_says_what_the_blocks_say(block: Block) -> None:
    assert markdown_to_blocks(blocks_to_markdown([block])) == (block,)


@pytest.mark.parametrize("name", articles("https://www.site.example/stories"))
def test_an_article_of_an_older_store_is_the_same_article(name: str) -> None:
    article = articles("https://www.site.example/stories")[name]
    assert read_article(old_form(article)) == article
    assert read_article(write_article(article)) == article


def test_changes_of_an_older_store_are_read() -> None:
    changes = ArticleChanges(AT, "Before", blocks("*New*.", "- one\n- two"), blocks("Gone."))
    old = json.dumps(
        {
            "at": AT.isoformat(),
            "title_before": "Before",
            "added": ["*New*.", "- one\n- two"],
            "removed": ["Gone."],
        }
    )
    assert read_changes(old) == changes
    assert read_changes(write_changes(changes)) == changes


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"url": "x"}', '{"parts": [{}]}', '{"parts": 3}', '{"note": 3}'],
)
def test_what_is_no_article_is_none(text: str) -> None:
    assert read_article(text) is None
    assert read_changes(text) is None


@pytest.mark.parametrize(
    "markdown",
    ["", "Words.", '\\[{"type":"', '[{"type":"](https://x.example)', "> a\n>\n> b", "- a\n- b"],
)
def test_markdown_bodies_are_read(markdown: str) -> None:
    assert read_blocks(markdown) == markdown_to_blocks(markdown)


def test_broken_json_of_blocks_is_shown_as_text() -> None:
    assert blocks_to_markdown(read_blocks('[{"type":"paragr')) == '\\[{"type":"paragr'


def test_a_body_is_the_same_in_both_forms() -> None:
    new = write_blocks(html_to_blocks(HTML))
    assert is_same_body(new, new)
    assert is_same_body(blocks_to_markdown(html_to_blocks(HTML)), new)
    assert not is_same_body("Other words.", new)
    assert not is_same_body(write_blocks(blocks("Other words.")), new)
    assert is_same_body("", "")


@given(st.text(alphabet=st.sampled_from(" \nab1é*_~`[]()<>{}#+-=|!&;:.@/\\\"'^$"), max_size=60))
def test_any_text_is_the_same_text_after_markdown(text: str) -> None:
    paragraphs = html_to_blocks(text)
    again = markdown_to_blocks(blocks_to_markdown(paragraphs))
    assert [
        "".join(run.text for run in block.runs).split()
        for block in again
        if isinstance(block, Paragraph)
    ] == [
        "".join(run.text for run in p.runs).split() for p in paragraphs if isinstance(p, Paragraph)
    ]


def test_all_words_of_an_article_are_found() -> None:
    article = Article(
        "https://x.example/",
        "Title",
        (*html_to_blocks(HTML), Figure("https://x.example/1.jpg", "Caption", "Ann")),
        audio=StoryAudio("https://x.example/a.mp3"),
        note=blocks("A *note*."),
    )
    words = plain_article(article).split()
    assert {"bold", "link,", "Said.", "a", "e", "H", "2", "Caption", "Ann", "note."} <= {*words}
