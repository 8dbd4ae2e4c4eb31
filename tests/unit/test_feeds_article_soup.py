"""Whatever a server sends, the answer is an article of clean text, or a Problem."""

import re
from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from radiotui.articles.article import article_to_markdown, read_article
from radiotui.documents.html_tree import parse
from radiotui.documents.model import Article, Figure, Rule, block_text, blocks_text
from radiotui.problems import Problem
from tests.documents import written
from tests.pages import articles, page

URL = "https://www.site.example/story"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

WORDS = "The river came on a Monday, and left on a Thursday; nobody had asked it to do either. "
PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<article>", "</article>", "<ul><li>", "</ul>", "<br>"),
        *(
            "<figure>",
            "</figure>",
            "<figcaption>",
            "</figcaption>",
            '<img src="a.jpg">',
            "<img src=>",
        ),
        *(
            '<img srcset="a.jpg 1w, , b 2x,">',
            "<picture><source srcset=x>",
            "</picture>",
            "<noscript>",
        ),
        *('<div class="Figure">', '<div class="Figure-credit">', '<div class="ArtP-articleBody">'),
        *('<div id="storytext">', '<div class="bucketwrap image">', '<b class="credit">', "</b>"),
        *('<div class="related">', "<blockquote>", "</blockquote>", "<table><tr><td>", "</table>"),
        *(
            "<h1>",
            "</h1>",
            "<h2>",
            "<pre>",
            "<em>",
            "</em>",
            '<a href="x">',
            "</a>",
            "<aside>",
            "&#27;",
        ),
        *(
            '<a href="javascript:x">',
            '<meta name="brightspot-dataLayer" content="{}">',
            "<base href=a>",
        ),
        *(
            '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"',
            '"}</script>',
        ),
        *(
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<svg>",
            "<ps-stream data-stream-duration=1>",
            "\0",
        ),
        *(
            '<ps-stream-url data-stream-url="a.mp3">',
            "<html>",
            "<body>",
            "</body>",
            "\ue0100\ue011",
        ),
        *(
            "Copyright 2022 NPR.",
            "<em>Ann Lee is a reporter.</em>",
            "Photo by Ann/AP",
            "\x1b[31m",
            "\x9b",
        ),
        *(
            WORDS,
            WORDS * 3,
            "\u202ereversed",
            "[@click=app.quit]x[/]",
            "![x](file:///etc)",
            "\ud83d",
        ),
        *(
            '<meta charset="utf-16">',
            '<meta charset="utf-7">',
            "<template>",
            "<frameset>",
            "<title>",
        ),
    ]
)
SOUP = st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join)


def texts(article: Article) -> Iterator[str]:
    """Every text of an article."""
    yield from (article.title, article.byline, article.site, article.copyright)
    yield blocks_text((*article.parts, *article.note))
    for figure in article.figures:
        yield from (figure.caption, figure.credit)


def check(article: Article) -> None:
    for text in texts(article):
        assert not _FORBIDDEN.search(text)
    addresses = [article.url, *(figure.url for figure in article.figures)]
    addresses += [article.audio.url] if article.audio else []
    assert all(re.match("https?://", address) for address in addresses)
    assert article.title
    assert any(article.text)
    assert article.lead not in article.parts
    parts = written(article.parts)
    for one, other in pairwise(parts):
        assert isinstance(one, Figure) or isinstance(other, Figure)
    assert all(block_text(block) or isinstance(block, Rule) for block in article.text)
    for moment in filter(None, (article.published, article.updated)):
        assert moment.tzinfo is UTC
    article_to_markdown(article)


def try_to_read(body: bytes, content_type: str = "text/html") -> None:
    try:
        article = read_article(body, URL, content_type)
    except Problem:
        return
    check(article)


@settings(max_examples=150)
@given(SOUP)
@example("<noscript><figure><noscript><img src=a.jpg></figure>" + WORDS * 3)
@example(f"<article><ul><li><figure><img src=a><figcaption>{WORDS}<ul><li>{WORDS}</ul>")
def test_soup_is_an_article_or_a_problem(soup):
    try_to_read(soup.encode("utf-8", "surrogatepass"))


@settings(max_examples=150)
@given(SOUP)
@example("<" + WORDS + "\x1f")
@example('<img src="a.jpg">\x08')
@example('<a href="x\x01y" start="\ufffe">')
def test_an_article_of_soup_is_clean(soup):
    source = (
        f"<html><body><article><p>{WORDS * 3}</p>{soup}<p>{WORDS * 2}</p></article></body></html>"
    )
    try_to_read(source.encode("utf-8", "surrogatepass"))


@settings(max_examples=150)
@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_are_an_article_or_a_problem(body, content_type):
    try_to_read(body, content_type)


@settings(max_examples=150)
@given(st.sampled_from(sorted(articles(URL))), st.data())
def test_a_damaged_page_is_an_article_or_a_problem(name, data):
    body = page(name)
    begin = data.draw(st.integers(0, len(body)))
    damage = data.draw(st.binary(max_size=8))
    length = data.draw(st.integers(0, 200))
    try_to_read(body[:begin] + damage + body[begin + length :])


def test_an_element_whose_name_has_a_control_character_is_read():
    body = f"<body><sec\x01tion><h1>A river</h1>{f'<p>{WORDS * 3}</p>' * 3}</sec\x01tion></body>"
    markdown = article_to_markdown(read_article(body.encode(), URL, "text/html"))
    assert WORDS.split(maxsplit=1)[0] in markdown


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 100_000 + WORDS.encode() * 5,
        b"<article><p>" + WORDS.encode() * 5 + b"<b>" * 100_000,
        b"<article><p " + b"a=b " * 200_000 + b">" + WORDS.encode() * 5,
        b'<article><p><img srcset="' + b"a.jpg," * 200_000 + b'">' + WORDS.encode() * 5,
        b"<article><p>" + WORDS.encode() * 50_000,
        b"<article>" + b"<p>" + b"</p><p>".join([WORDS.encode()] * 20_000),
        b"<figure><img src=a.jpg>" * 5_000 + WORDS.encode() * 5,
        b'<script type="application/ld+json">' + b"[" * 500_000 + b"</script>" + WORDS.encode() * 5,
        b"<article><p>" + WORDS.encode() * 3 + b"<figcaption>(Photo by " * 10_000,
        b"<article><p>" + WORDS.encode() * 3 + b"[(" * 200_000,
        b"<" * 1_000_000,
        b"&" * 1_000_000,
        b"<article><p "
        + b" ".join(b"a%d=1" % n for n in range(40_000))
        + b">"
        + WORDS.encode() * 5,
        b"<article><a href='#x'>Skip it</a>" * 6000 + b"<p>" + WORDS.encode() * 5,
        b"<article>" + b"<h1>a</h1>" * 6000 + b"<p>" + WORDS.encode() * 5,
        bytes(range(256)) * 4000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_size_and_depth_are_no_way_in(body):
    try_to_read(body)


def test_a_tag_of_thousands_of_attributes_is_its_name_alone():
    names = " ".join(f"a{number}=1" for number in range(3000))
    values = " ".join(f'a{number}="x > y"' for number in range(3000))
    data = "'" + "x=1 > y " * 1000 + "'"
    root = parse(
        f"<div><p {names}>Words</p><p {values}></p>"
        f"<p title={data}>More</p><p>5 < 6 {WORDS * 40}</p></div>"
    )
    assert root is not None
    attributes = [len(node.attrib) for node in root.iter("p")]
    assert attributes == [0, 0, 1, 0]
    assert root.xpath("string()").startswith(f"WordsMore5 < 6 {WORDS}")
