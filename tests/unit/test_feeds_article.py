"""The whole article from a page, exact; what is no article; what changed; as Markdown."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import fields, replace

from radiotui.articles.article import article_to_markdown, changes, read_article
from radiotui.documents.model import Article, ArticleChanges, Figure, StoryAudio
from radiotui.problems import Problem
from tests.documents import blocks, written
from tests.pages import WALLS, articles, page

BASE = "https://www.site.example/stories"
EXPECTED = articles(BASE)
AT = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)

LONG = (
    "A paragraph of this length is what a story is made of, and so it is read as one, "
    "wherever on the page it stands and whatever stands beside it."
)


def read(name: str) -> Article:
    return read_article(page(name), f"{BASE}/{name}.html", "text/html")


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("field", [each.name for each in fields(Article)])
def test_a_page_is_read_as_it_is(name, field):
    assert getattr(read(name), field) == getattr(EXPECTED[name], field)


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_said_to_be_one(name):
    with pytest.raises(Problem) as raised:
        read(name)
    assert raised.value.title == f"site.example {WALLS[name]}"
    assert raised.value.hint


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (b"%PDF-1.7 ...", "application/pdf", "site.example/stories/a is a PDF, not a page"),
        (b"%PDF-1.7 ...", "text/html", "site.example/stories/a is a PDF, not a page"),
        (b"\x89PNG\r\n", "", "site.example/stories/a is a picture, not a page"),
        (b"....", "audio/mpeg", "site.example/stories/a is sound, not a page"),
        (b'{"a": 1}', "application/json", "site.example/stories/a is data, not a page"),
        (b'<?xml version="1.0"?><rss>', "", "site.example/stories/a is a feed, not a page"),
        (b"words", "text/plain", "site.example/stories/a is a file, not a page"),
        (b"", "text/html", "site.example sent an empty page"),
        (b" \n\0", "text/html", "site.example sent an empty page"),
        (b"<html></html>", "text/html", "site.example sent a page without text to read"),
        (b"<!-- -->", "text/html", "site.example sent a page that cannot be read"),
        (b"<div id=app></div>", "", "site.example sent a page without text to read"),
        (b"<p>x" * 70_000, "text/html", "site.example sent a page too big to be read here"),
    ],
)
def test_what_is_no_article_is_said_to_be_none(body, content_type, title):
    with pytest.raises(Problem) as raised:
        read_article(body, f"{BASE}/a", content_type)
    assert raised.value.title == title


def test_a_short_story_with_a_cookie_banner_is_a_story():
    source = f"<div class='cookies'>We use cookies <button>Accept</button></div><article><p>{LONG}"
    article = read_article(source.encode(), BASE, "text/html")
    assert written(article.parts) == (LONG,)


@pytest.mark.parametrize(
    ("encoded", "content_type"),
    [
        ("utf-8", "text/html; charset=utf-8"),
        ("utf-8", "text/html"),
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("cp1251", "text/html; charset=windows-1251"),
        ("koi8-r", "text/html; charset='koi8-r'"),
        ("utf-16", "text/html"),
        ("utf-8-sig", "text/html; charset=koi8-r"),
    ],
)
def test_letters_are_right_whatever_the_server_says(encoded, content_type):
    said = "Мост над рекой поёт в тональности соль, и город решил, что так и должно быть. " * 3
    body = f"<html><body><article><p>{said}</p></article></body></html>".encode(encoded)
    assert written(read_article(body, BASE, content_type).parts) == (said.strip(),)


def test_a_page_may_say_its_letters_itself():
    said = "Über dem Fluß hängt Nebel, und das Café hat die Stühle hereingeholt, bis er geht. " * 3
    source = f"<meta charset=latin1><article><p>{said}</p></article>"
    assert written(read_article(source.encode("cp1252"), BASE, "").parts) == (said.strip(),)
    unknown = f"<meta charset=zlib><article><p>{said}</p></article>"
    assert written(read_article(unknown.encode("cp1252"), BASE, "").parts) == (said.strip(),)


def test_links_are_relative_to_the_base_that_the_page_names():
    source = (
        f"<base href='https://other.example/deep/'><article><p>{LONG} <a href=x>X</a></article>"
    )
    assert "(https://other.example/deep/x)" in str(
        written(read_article(source.encode(), BASE).parts)[0]
    )


def test_a_page_without_a_name_for_itself_is_called_by_its_host():
    article = read_article(f"<p>{LONG} {LONG}</p>".encode(), BASE, "text/html")
    assert (article.title, article.site) == ("site.example", "site.example")


def test_only_the_page_below_the_front_page_may_be_its_own_address():
    source = f"<link rel=canonical href='https://www.site.example/'><article><p>{LONG}</article>"
    assert read_article(source.encode(), f"{BASE}/a", "text/html").url == f"{BASE}/a"


# What became different


STORY = Article(
    BASE, "A title", blocks("One.\n\nTwo, he said: “no”.", Figure(f"{BASE}/a.jpg"), "Three.")
)


@pytest.mark.parametrize(
    "after",
    [
        STORY,
        replace(STORY, title='A  "title"'.replace('"', ""), byline="Somebody else"),
        replace(STORY, parts=blocks("One.", 'Two, he\n said: "no".', "Three.")),
        replace(
            STORY,
            parts=blocks(
                "*One.*\n\nTwo, he said: “no”.\n\nThree.",
            ),
        ),
        replace(STORY, parts=(*STORY.parts, Figure(f"{BASE}/b.jpg", "A new picture"))),
    ],
)
def test_the_same_words_are_no_change(after):
    assert changes(STORY, after, AT) is None


def test_paragraphs_that_came_and_went_are_named():
    after = replace(STORY, parts=blocks("One.\n\nOne and a half.\n\n> Three.", "Four."))
    assert changes(STORY, after, AT) == ArticleChanges(
        AT, "", blocks("One and a half.", "Four."), blocks("Two, he said: “no”.")
    )


def test_thousands_of_paragraphs_that_are_alike_are_compared():
    # Compared with each other they took a quarter of a minute.
    before = replace(STORY, parts=blocks(*["a", "b"] * 500))
    after = replace(STORY, parts=blocks(*["b", "a"] * 400, "c", *["a"] * 10))
    difference = changes(before, after, AT)
    assert difference is not None
    assert difference.added == blocks("c")
    assert len(difference.removed) == 100
    # By how often they stand there, and not by where: that comparison is what takes so long.
    moved = replace(STORY, parts=blocks(*["b"] * 200, *["a"] * 200))
    assert changes(replace(STORY, parts=blocks(*["a", "b"] * 200)), moved, AT) is None


def test_a_new_headline_is_a_change_by_itself():
    assert changes(STORY, replace(STORY, title="Another"), AT) == ArticleChanges(AT, "A title")


# As Markdown


def test_an_article_is_a_markdown_document():
    article = Article(
        BASE,
        "The *whole* story",
        blocks(
            "First.\n\n> A quotation.",
            Figure(f"{BASE}/b_(1).jpg", "Second [picture]", "Ann / AP"),
            "Last.",
            Figure(f"{BASE}/c.jpg"),
        ),
        byline="Ann Lee",
        published=datetime(2022, 10, 6, 1, 30, tzinfo=UTC),
        site="NPR",
        lead=Figure(f"{BASE}/a.jpg", "First picture", "Bo"),
        audio=StoryAudio("https://sounds.example/a.mp3", 239),
        copyright="Copyright 2022 NPR. To see more, visit https://www.npr.org.",
        note=blocks("*Ann Lee reports.*"),
    )
    assert article_to_markdown(article, timezone(timedelta(hours=-7))) == (
        f"""\
# The \\*whole\\* story

Ann Lee · 5 October 2022 · NPR

[Listen (3:59)](https://sounds.example/a.mp3)

[Photo: First picture]({BASE}/a.jpg)@
*Bo*

First.

> A quotation.

[Photo: Second \\[picture\\]]({BASE}/b_\\(1\\).jpg)@
*Ann / AP*

Last.

[Photo]({BASE}/c.jpg)

*Ann Lee reports.*

Copyright 2022 NPR. To see more, visit <https://www.npr.org>.
""".replace("@", "  ")
    )


def test_what_is_not_known_leaves_no_empty_lines():
    assert article_to_markdown(Article(BASE, "Title", blocks("Text."))) == "# Title\n\nText.\n"


def test_the_markdown_of_a_hostile_page_opens_nothing():
    written = article_to_markdown(read("hostile"))
    targets = re.findall(r"(?<!\\)\]\(([^)]*)\)", written)
    assert targets
    assert all(target.startswith("https://") for target in targets)
    assert "\x1b" not in written
