"""Real feeds and pages, if a folder of them is given (RADIOTUI_CORPUS): nothing breaks.

Without one the pages written for the tests are read. With one, a table says how
much was found.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from radiotui.articles.article import read_article
from radiotui.documents.model import Article
from radiotui.feeds.parsing.parse import parse_feed
from radiotui.problems import Problem
from tests.documents import markdown_of
from tests.pages import FOLDER

GIVEN = os.environ.get("RADIOTUI_CORPUS", "")
CORPUS = Path(GIVEN) if GIVEN else FOLDER
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LARGEST = 20_000_000


def documents() -> Iterator[tuple[str, bytes]]:
    """Every file that looks like a feed or a page."""
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.stat().st_size <= _LARGEST:
            body = path.read_bytes()
            head = body[:4096]
            if _FEED.search(head):
                yield "feed", body
            elif _PAGE.search(head) or path.suffix in {".html", ".htm"}:
                yield "page", body


def all_texts(thing: object) -> Iterator[str]:
    """Every text in a result, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, msgspec.Struct):
        for name in thing.__struct_fields__:
            yield from all_texts(getattr(thing, name))
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from all_texts(each)


def found_in(article: Article) -> Iterator[str]:
    yield "read"
    if article.title:
        yield "title"
    if isinstance(article.published, datetime):
        yield "date"
    if any(article.text):
        yield "body"
    if article.figures:
        yield "figure"
    if any(figure.caption for figure in article.figures):
        yield "caption"
    if any(figure.credit for figure in article.figures):
        yield "credit"


def test_nothing_in_the_corpus_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    counted: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for number, (kind, body) in enumerate(documents()):
        counted[kind] += 1
        address = f"https://corpus.example/{kind}/{number}"
        try:
            if kind == "feed":
                feed = parse_feed(body, address)
                texts = [feed.title]
                for entry in feed.entries:
                    # The content is the feed's own HTML, which is not for showing.
                    texts += [entry.title, entry.byline, markdown_of(entry), entry.link or ""]
                counted["entries"] += len(feed.entries)
            else:
                article = read_article(body, address, "text/html")
                texts = list(all_texts(article))
                counted.update(found_in(article))
        except Problem as problem:
            problems[re.sub(r"^\S+ ", "", problem.title)] += 1
            continue
        for text in texts:
            assert not _CONTROLS.search(text), address
    assert counted["page"] or counted["feed"], "there is something to read"
    if GIVEN:
        with capsys.disabled():
            print()
            for name, count in (*counted.items(), *problems.items()):
                print(f"{count:6} {name}")
    else:
        assert counted["page"] >= 12
        assert counted["title"] == counted["body"] == counted["read"] >= 9
