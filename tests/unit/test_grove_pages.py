"""Grove's modules, times, sound and notes, as its stations use them."""

from datetime import UTC, datetime

import pytest

from radiotui.articles.article import read_article
from radiotui.documents.model import Article, StoryAudio, blocks_text

TEXT = "The ferry left at six with nobody on board but the captain, who had told everybody."


def read(inner: str = "", *, head: str = "", layer: str = "{}", beside: str = "") -> Article:
    source = (
        f"<html><head>{head}<meta name='brightspot-dataLayer' content='{layer}'></head>"
        f"<body><article><h1 class='ArticlePage-headline'>Ferry</h1>{beside}"
        f"<div class='ArticlePage-articleBody'><p>{TEXT}</p>{inner}<p>It came back.</p></div>"
        "</article></body></html>"
    )
    return read_article(source.encode(), "https://kfog.example/a", "text/html")


WALL_CLOCK = '{"publishedDate": "2019-07-09T13:34:39Z", "timezone": "America/Los_Angeles"}'
SHOWN = datetime(2019, 7, 9, 17, 34, 39, tzinfo=UTC)


@pytest.mark.parametrize("page", ["ArtP", "ArticlePage"])
def test_the_time_that_the_page_shows_is_right(page):
    stamp = f"<div class='{page}-timestamp'><meta content='2019-07-09T17:34:39Z'></div>"
    assert read(layer=WALL_CLOCK, beside=stamp).published == SHOWN


def test_the_time_of_its_feed_comes_before_its_data():
    head = "<meta property='article:published_time' content='2019-07-09T17:34:39'>"
    assert read(layer=WALL_CLOCK, head=head).published == SHOWN
    assert read(layer=WALL_CLOCK).published == datetime(2019, 7, 9, 13, 34, 39, tzinfo=UTC)


PLAYER = (
    "<div class='Enhancement'><div class='AudioEnhancement'><ps-stream {}><ps-stream-url"
    " data-stream-url='https://cdn.kfog.example/ferry.mp3'></ps-stream-url></ps-stream>"
    "<div class='AudioEnhancement-info'><div class='AudioEnhancement-title'>Ferry</div><div"
    " class='AudioEnhancement-description'>Subscribe to our podcast.</div></div></div></div>"
)


@pytest.mark.parametrize(
    ("says", "length"),
    [("", None), ("on-demand", None), ("data-stream-duration='4:05'", 245.0)],
)
def test_the_storys_sound_and_nothing_of_its_players_words(says, length):
    article = read(PLAYER.format(says))
    assert article.audio == StoryAudio("https://cdn.kfog.example/ferry.mp3", length)
    assert blocks_text(article.parts) == f"{TEXT}\nIt came back."


def test_the_title_of_a_film_is_no_paragraph():
    film = (
        "<div class='Enhancement'><div class='VideoEnhancement'><iframe src='https://v.example'>"
        "</iframe><div class='VideoEnhancement-title'>Video: Ferry</div></div></div>"
    )
    assert blocks_text(read(film).parts) == f"{TEXT}\nIt came back."


def test_the_note_on_the_reporter_is_read():
    note = "Ann Lee is an investigative journalist who covers the harbour."
    box = (
        "<div class='ArticlePage-authorInfo-bio'><div class='ArticlePage-authorInfo-bio-name'>"
        "<a href='/a'>Ann Lee</a></div>"
        f"<div class='ArticlePage-authorInfo-bio-content'>{note}</div></div>"
    )
    assert blocks_text(read(beside=box).note) == note


@pytest.mark.parametrize("before", ["(SOUNDBITE OF FOGHORN) ", "Thank you. ", ""])
def test_the_line_below_a_transcript_is_its_copyright(before):
    line = "Transcript provided by NPR, Copyright NPR."
    article = read(f"<p>HOST: Hello.</p><p>{before}{line}</p>")
    assert article.copyright == line
    assert line not in blocks_text(article.parts)


def test_what_counts_readers_below_a_story_is_no_picture():
    pixel = "<img src='https://www.google-analytics.com/__utm.gif?utmac=UA-1&utmdt=x'>"
    article = read(f"<div class='fullattribution'>Copyright 2022 NPR. {pixel}</div>")
    assert (article.figures, article.copyright) == ((), "Copyright 2022 NPR.")


def test_a_promoted_episode_of_the_same_title_is_the_storys_sound() -> None:
    promo = (
        "<ps-promo class='PromoAudioEpisode'><div class='PromoAudioEpisode-title'>{}</div>"
        "<ps-stream data-stream-duration='7:38'><ps-stream-url data-stream-url='/ferry.mp3'>"
        "</ps-stream-url></ps-stream></ps-promo>"
    )
    text = "The ferry came at nine, and everybody who had waited for it was on board at last. " * 4
    for title, seconds in (("The ferry is back", 458.0), ("The pier", None)):
        inner = f"<h1>The ferry is back</h1><p>{text}</p>{promo.format(title)}"
        source = f"<body><article>{inner}</article></body>"
        audio = read_article(source.encode(), "https://www.kfog.example/a", "text/html").audio
        assert (audio.seconds if audio else None) == seconds
