"""A feed's HTML in the reader: what was said is shown as it was said, and nothing else happens."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from radiotui.documents.html_to_blocks import html_to_blocks
from radiotui.documents.model import CodeBlock
from radiotui.text import clean
from tests.documents import html_to_markdown, text_to_markdown

BASE = "https://knau.example/stories/trail"


@dataclass
class Shown:
    """What Textual's Markdown widget makes of a text."""

    lines: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def shown(markdown: str) -> Shown:
    page = Shown()
    for token in MarkdownIt("gfm-like").parse(markdown):
        page.kinds.append(token.type)
        if token.type in {"fence", "code_block", "html_block"}:
            page.lines.append(token.content)
        if token.children is None:
            continue
        line = ""
        start, href = 0, ""
        for child in token.children:
            page.kinds.append(child.type)
            if child.type in {"text", "code_inline"}:
                line += child.content
            elif child.type == "softbreak":
                line += " "
            elif child.type == "hardbreak":
                line += "\n"
            elif child.type == "link_open":
                start, href = len(line), str(child.attrs["href"])
            elif child.type == "link_close":
                page.links.append((line[start:], href))
        page.lines.append(line)
    return page


HARMLESS = {
    *("paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "softbreak"),
    *("link_open", "link_close"),
}


def squeezed(text: str) -> str:
    """White space aside: what words and marks are there."""
    return re.sub(r"\s", "", text)


class TestWords:
    @pytest.mark.parametrize(
        "said",
        [
            "[/] [bold]x[/bold] [@click=app.quit]x[/]",
            "*stars* _lines_ **more** __more__ ~~less~~ a_b_c snake_case",
            "# not a heading",
            "a heading ends ##",
            "> not a quotation",
            "- not a list",
            "+ nor this",
            "1. nor this",
            "12) nor this",
            "=== --- ***",
            "~~~ not code",
            "``` not `code` either",
            "| not | a table |",
            "[not a link](https://elsewhere.example)",
            "[nor]: https://this.example",
            "![nor a picture](x.png)",
            "<b>nor bold</b> <script>alert(1)</script> <!-- nor a comment -->",
            "AT&T &amp; &lt; &copy; &#42; &#x2a;",
            "back\\slash \\* and at the end \\",
            "write to news@knau.example, or news@localhost",
            "ftp://old.example/file //nobody.example mailto:news@knau.example",
            "5 < 6 > 4",
        ],
    )
    def test_what_looks_like_markup_is_text(self, said: str) -> None:
        for markdown in (text_to_markdown(said), html_to_markdown(f"<p>{html.escape(said)}</p>")):
            page = shown(markdown)
            assert page.text == said
            assert set(page.kinds) <= HARMLESS
            assert all(href.startswith(("http://", "https://")) for _, href in page.links)

    @given(st.text(alphabet=st.sampled_from(" \nab1é*_~`[]()<>{}#+-=|!&;:.@/\\\"'^$"), max_size=60))
    @settings(max_examples=400)
    def test_any_words_are_shown_as_they_are(self, said: str) -> None:
        for markdown in (text_to_markdown(said), html_to_markdown(f"<p>{html.escape(said)}</p>")):
            page = shown(markdown)
            assert squeezed(page.text) == squeezed(said)
            assert set(page.kinds) <= HARMLESS

    @given(
        st.lists(
            st.sampled_from(
                [
                    *(
                        "<b>",
                        "</b>",
                        "<i>",
                        "</i>",
                        "<s>",
                        "</s>",
                        "<span>",
                        "</span>",
                        "<q>",
                        "<br>",
                    ),
                    *("<a href='https://a.example/x'>", "</a>", "<p>", "</p>", "<div>", "</div>"),
                    *("<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<blockquote>"),
                    *("</blockquote>", "<h2>", "</h2>", "<hr>", "<pre>", "</pre>", "<![x>"),
                    *("<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>"),
                ]
            )
            | st.sampled_from(
                [" ", "\n", "one", "two.", "(three)", "*", "_", "1. ", "- ", "# ", "!"]
            )
        )
    )
    @settings(max_examples=600)
    def test_tags_in_any_order_keep_the_words(self, pieces: list[str]) -> None:
        # What stands between table cells is the one thing that moves.
        source = "".join(pieces)
        page = shown(html_to_markdown(source))
        assert not {"html_inline", "html_block", "image", "code_block"} & set(page.kinds)
        assert "fence" not in page.kinds or "<pre>" in pieces
        assert all(href == "https://a.example/x" for _, href in page.links)
        assert all(words for words, _ in page.links)
        if "<table>" not in source:
            said = re.sub(r"<[^>]*>", "", re.sub("</?q>", '"', source))
            assert squeezed(page.text) == squeezed(said)


class TestStructure:
    def test_paragraphs_emphasis_and_links(self) -> None:
        source = (
            "<p>The <b>canyon trail</b> is <i>open</i> again, says the"
            " <a href='https://parks.example/trail?a=1&amp;b=2'>park  service</a>.</p>"
            "<p>It was closed for <s>one</s> two years.</p>"
        )
        assert html_to_markdown(source) == (
            "The **canyon trail** is *open* again, says the"
            " [park service](https://parks.example/trail?a=1\\&b=2).\n\n"
            "It was closed for ~~one~~ two years."
        )
        assert shown(html_to_markdown(source)).links == [
            ("park service", "https://parks.example/trail?a=1&b=2")
        ]

    @pytest.mark.parametrize(
        "source",
        [
            "<b>Note:</b>it snows",
            "it<b>(also)</b> snows",
            "<i>a</i><i>b</i>",
            "<i>a</i><b>b</b>c",
            "one<b><s>two</s></b>",
            "<b>wow!</b><a href='https://x.example'>more</a>",
            "wow!<a href='https://x.example'>more</a>",
            "<b> spaced </b>out",
            "<b>one<p>two</b>three",
            "<b>one<a href='https://x.example'>two</a></b>",
        ],
    )
    def test_where_stars_would_not_be_read_as_emphasis_there_are_none(self, source: str) -> None:
        page = shown(html_to_markdown(source))
        assert squeezed(page.text) == squeezed(re.sub("<[^>]*>", "", source))
        assert "image" not in page.kinds

    def test_headings_stay_below_the_headline(self) -> None:
        assert html_to_markdown("<h1>What now?</h1><h3>Later</h3>") == "## What now?\n\n### Later"

    def test_a_heading_keeps_its_last_sign(self) -> None:
        assert shown(html_to_markdown("<h2>Room ##</h2>")).text == "Room ##"

    def test_lists_and_what_is_in_them(self) -> None:
        source = (
            "<ul><li>water<li>a hat<ul><li>for each</ul></ul>"
            "<ol start='3'><li><p>north</p><p>then east</p></li><li>south</li></ol>"
        )
        assert html_to_markdown(source) == (
            "- water\n- a hat\n\n  - for each\n\n3. north\n\n   then east\n4. south"
        )

    def test_quotations(self) -> None:
        source = (
            "<blockquote><p>We waited.</p><p>It was worth it.</p></blockquote><p>So they say.</p>"
        )
        assert html_to_markdown(source) == "> We waited.\n>\n> It was worth it.\n\nSo they say."

    def test_breaks(self) -> None:
        source = "one<br>two<br><br>three<br/> <br/>four<br>"
        assert html_to_markdown(source) == "one  \ntwo\n\nthree\n\nfour"

    def test_preformatted_lines_stay_lines(self) -> None:
        blocks = html_to_blocks("<pre>6:00 Morning\n  9:00 Noon\n</pre>")
        assert blocks == (CodeBlock("6:00 Morning\n  9:00 Noon"),)

    def test_a_table_of_data(self) -> None:
        source = (
            "<table><thead><tr><th>Town</th><th>Snow</th></tr></thead>"
            "<tbody><tr><td><a href='https://x.example/a|b'>Williams</a></td><td>4 | 5 in</td></tr>"
            "<tr><td>Page</td><td></td></tr></tbody></table>"
        )
        page = shown(html_to_markdown(source))
        assert "table_open" in page.kinds
        assert page.lines == ["Town", "Snow", "Williams", "4 | 5 in", "Page", ""]
        assert page.links == [("Williams", "https://x.example/a%7Cb")]

    def test_a_table_that_lays_out_a_page_is_paragraphs(self) -> None:
        source = "<table><tr><td><p>Left.</p><ul><li>a</ul></td><td><p>Right.</p></td></tr></table>"
        assert html_to_markdown(source) == "Left.\n\n- a\n\nRight."
        rows = source.removeprefix("<table>").removesuffix("</table>") * 2
        assert html_to_markdown(f"<table>{rows}").split("\n\n") == ["Left.", "- a", "Right."] * 2

    def test_an_address_in_the_text_is_a_link(self) -> None:
        source = "<p>See https://knau.example/a_b_c*, (https://x.example/(y)).</p>"
        assert shown(html_to_markdown(source)).links == [
            ("https://knau.example/a_b_c", "https://knau.example/a_b_c"),
            ("https://x.example/(y)", "https://x.example/(y)"),
        ]

    def test_plain_text_with_lines(self) -> None:
        assert html_to_markdown("First line &amp; more\nSecond line") == (
            "First line & more\n\nSecond line"
        )


class TestPictures:
    NPR = (
        "<img src='https://media.example/trail.jpg' alt=\"A ranger's hat, and a hiker's boots.\"/>"
        "<p>The trail opened on Monday.</p><p>(Image credit: Ann Example/Coconino Wire)</p>"
        "<img src='https://media.example/pixel.png?story=1' />"
    )

    def test_a_picture_is_its_caption(self) -> None:
        assert html_to_markdown(self.NPR) == (
            "*Photo: A ranger's hat, and a hiker's boots.*\n\n"
            "The trail opened on Monday.\n\n(Image credit: Ann Example/Coconino Wire)"
        )

    def test_the_caption_comes_once(self) -> None:
        source = (
            "<figure><img alt='A hat.' src='x'><figcaption>A hat.</figcaption></figure><p>Text.</p>"
        )
        assert html_to_markdown(source) == "*Photo: A hat.*\n\nText."

    @pytest.mark.parametrize(
        "pixel", ["width='1' height='1' alt='count'", "height='1px' alt='x'", "alt=''", ""]
    )
    def test_pixels_that_count_readers_are_left_out(self, pixel: str) -> None:
        assert (
            html_to_markdown(f"<p>Text.</p><img src='https://t.example/p.gif' {pixel}>") == "Text."
        )

    def test_a_picture_within_a_link_is_its_caption(self) -> None:
        source = "<a href='https://x.example'><img src='y' alt='A *hat*'></a>"
        assert html_to_markdown(source) == "*Photo: A \\*hat\\**"
        assert shown(html_to_markdown(source)).text == "Photo: A *hat*"


class TestLinks:
    @pytest.mark.parametrize(
        "href",
        [
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            " java\nscript:alert(1)",
            "data:text/html,<b>x</b>",
            "file:///etc/passwd",
            "ftp://old.example/x",
            "mailto:news@knau.example",
            "https://",
            "https://[broken",
            "",
        ],
    )
    def test_what_is_not_of_the_web_keeps_its_text_only(self, href: str) -> None:
        page = shown(html_to_markdown(f'<p>Go <a href="{html.escape(href)}">there</a> now.</p>'))
        assert page.text == "Go there now."
        assert page.links == []

    def test_relative_links_are_resolved(self) -> None:
        page = shown(html_to_markdown("<a href='../photos'>p</a> <a href='#top'>t</a>", BASE))
        assert page.links == [
            ("p", "https://knau.example/photos"),
            ("t", "https://knau.example/stories/trail#top"),
        ]

    def test_no_link_without_words(self) -> None:
        assert html_to_markdown("<p>a<a href='https://x.example'> </a>b</p>") == "a b"

    def test_odd_addresses_stay_whole(self) -> None:
        href = "https://x.example/a_(b)/c d|e?q=<f>&copy;=1"
        page = shown(html_to_markdown(f'<a href="{html.escape(href)}">x</a>'))
        assert page.links == [("x", "https://x.example/a_(b)/c%20d%7Ce?q=%3Cf%3E&copy;=1")]


class TestHostile:
    def test_nothing_that_runs_or_asks_is_left(self) -> None:
        source = (
            "<p>Before.</p><script>alert('x')</script><style>p{}</style><iframe src='x'>i</iframe>"
            "<form action='x'><button>Send</button></form><svg><text>s</text></svg><p>After.</p>"
        )
        assert html_to_markdown(source) == "Before.\n\nAfter."

    def test_terminal_sequences_and_bidi_controls_go(self) -> None:
        source = (
            "<p>Snow\x1b]0;owned\x07 &#27;[31mred \u202etrail\u2066&#x202e;</p>"
            "<img alt='h\x1b[2Jat'>"
        )
        assert html_to_markdown(source) == "Snow \\[31mred trail\n\n*Photo: hat*"

    @pytest.mark.parametrize(
        "tag",
        ["div", "blockquote", "ul", "ol", "li", "table", "td", "b", "a href='https://x.example'"],
    )
    def test_endless_nesting_is_read_in_a_moment(self, tag: str) -> None:
        page = shown(html_to_markdown(f"<{tag}>" * 5_000 + "deep" + "<p>words</p>" * 200))
        assert "deep" in page.text
        assert page.text.count("words") == 200

    @given(st.text(max_size=200))
    @settings(max_examples=300)
    def test_any_source_gives_harmless_text(self, source: str) -> None:
        markdown = html_to_markdown(source)
        assert clean(markdown, len(markdown) + 1) == " ".join(markdown.split())
        assert not {"html_inline", "html_block", "image"} & set(shown(markdown).kinds)

    def test_a_body_is_cut_at_its_cap(self) -> None:
        assert len(html_to_markdown("<p>many words </p>" * 100_000)) <= 200_000
