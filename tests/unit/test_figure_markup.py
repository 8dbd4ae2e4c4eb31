"""Figures in the markup of many pages: one picture with its words each."""

import pytest

from radiotui.articles.article import read_article
from radiotui.documents.model import Figure, blocks_text

BASE = "https://www.site.example/a/b.html"
FIRST = (
    "The ferry left at six with nobody on board but the captain, who had told everybody that "
    "it would, and came back at nine with everybody who had not believed him."
)
SECOND = (
    "On the pier stood the harbour master with a lamp in one hand and a list in the other, and "
    "read out all of the names until nobody was missing any more."
)
PIER = Figure("https://www.site.example/a/pier.jpg", "The pier at night.", "Ann Lee / KFOG")
SHIP = Figure("https://www.site.example/a/ship.jpg", "The ship.", "Bo Roe")


def read(inner: str, head: str = ""):
    source = f"<html><head><title>T</title>{head}</head><body><article><p>{FIRST}</p>{inner}"
    return read_article(f"{source}<p>{SECOND}</p></article>".encode(), BASE, "text/html")


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><amp-img src='pier.jpg' width='800' height='600'></amp-img>"
        "<figcaption>The pier at night. (Ann Lee/KFOG)</figcaption></figure>",
        "<figure><a-img src='pier.jpg' width='800'></a-img><figcaption><p>The pier at night.</p>"
        "<p>(Bild: Ann Lee/KFOG)</p></figcaption></figure>",
        "<figure><button type='button'>Enlarge<img src='pier.jpg'></button>"
        "<figcaption>The pier at night. Ann Lee/KFOG</figcaption></figure>",
        "<button><figure><img src='pier.jpg'><figcaption>The pier at night."
        "<span class='credit'>Ann Lee/KFOG</span></figcaption></figure></button>",
        "<figure><img data-srcs='{\"https://www.site.example/a/pier.jpg\":{}}' alt='x'>"
        "<figcaption><span>The pier at night.</span><span class='source'>Ann Lee/KFOG</span>"
        "</figcaption></figure>",
        '<figure><img data-src=\'{"default":{"src":"//www.site.example/a/pier.jpg"}}\' alt="x">'
        "<figcaption>The pier at night. (Ann Lee/KFOG)</figcaption></figure>",
        "<div class='slide'><img src='pier.jpg'>"
        "<div class='caption'>The pier at night. Ann Lee/KFOG</div></div>",
        "<ul class='gallery'><li><picture><img src='pier.jpg'></picture><p class='slide-caption'>"
        "The pier at night.</p><p class='photo-credit'>Ann Lee/KFOG</p><i>1 of 1</i></li></ul>",
        "<div data-size='articleImage' class='ImageEnh'><img src='pier.jpg'><div>"
        "<span class='Figure-caption'>The pier at night.</span><span class='Figure-credit'>Ann Lee"
        "</span><span class='Figure-source'>KFOG</span></div></div>",
        "<div class='bucketwrap photo300'><img src='pier.jpg' alt='The pier at night.'><div"
        " class='captionwrap'><p><span class='credit'>Ann Lee/KFOG</span></p></div></div>",
        "<figure><img src='pier.jpg'><figcaption><span class='caption__text'>The pier at night."
        "</span><span class='caption__credit'>Photograph by Ann Lee/KFOG</span></figcaption>"
        "</figure>",
        "<figure><img src='pier.jpg'><p><span class='visually-hidden-text'>Image source, </span>"
        "Ann Lee/KFOG</p><figcaption><span class='visually-hidden-text'>Image caption, </span>"
        "The pier at night.</figcaption></figure>",
        "<figure><div><img src='/x/grey-placeholder.png' class='hide'><img src='pier.jpg' alt='Ann "
        "Lee/KFOG The pier at night.'><span class='sc-2'>Ann Lee/KFOG</span></div></figure>",
        "<figure><img src='pier.jpg' alt='x'><b>The pier at night. (Ann Lee/KFOG)</b></figure>",
        "<figure><img src='pier.jpg'><figcaption>The pier at night.</figcaption>"
        "<figcaption class='below-caption'>Photo: Ann Lee/KFOG</figcaption></figure>",
        "<div class='photo'><p class='with-caption'><img src='pier.jpg'></p>"
        "<span class='newsCaption'>The pier at night."
        "<span class='caption'>(Image: Ann Lee/KFOG)</span></span></div>",
        "<figure><img src='pier.jpg'><figcaption>The pier at night.<cite>Ann Lee</cite>"
        "<small class='copyright'>Foto: Ann Lee/KFOG</small></figcaption></figure>",
    ],
)
def test_a_picture_and_its_words_are_one_figure(markup):
    article = read(markup)
    assert article.figures == (PIER,)
    assert blocks_text(article.parts) == f"{FIRST}\n{SECOND}"


def test_each_figure_has_its_own_words():
    lazy = "<img src='/x/lazy-placeholder.png'>"
    article = read(
        f"<figure><div>{lazy}<img src='pier.jpg' alt='x'><b>Ann Lee/KFOG</b></div>"
        "<figcaption>The pier at night.</figcaption></figure>"
        f"<figure><div>{lazy}<img src='ship.jpg' alt='x'></div>"
        "<figcaption>The ship. (Photo: Bo Roe)</figcaption></figure>"
    )
    assert article.figures == (PIER, SHIP)


def test_a_slideshow_above_the_text_is_the_lead_and_the_first_pictures():
    slides = "".join(
        "<div class='Carousel-slide'>"
        f"<div><img data-flickity-lazyload='{name}.jpg' width='880'></div>"
        f"<div class='CarouselSlide-infoDescription'>{caption}</div>"
        f"<div class='CarouselSlide-infoAttribution'>{credit}</div></div>"
        for name, caption, credit in (
            ("pier", "The pier at night.", "Ann Lee/KFOG"),
            ("ship", "The ship.", "Bo Roe"),
        )
    )
    source = (
        "<meta name='brightspot-dataLayer' content='{}'><article><h1>T</h1>"
        f"<div class='ArtP-lead'><div class='Carousel'>{slides}</div></div>"
        f"<div class='ArtP-articleBody'><p>{FIRST}</p></div></article>"
    )
    article = read_article(source.encode(), BASE, "text/html")
    assert (article.lead, article.figures) == (PIER, (PIER, SHIP))


def test_a_caption_that_is_a_credit_leaves_what_stands_for_the_picture():
    (figure,) = read(
        "<figure><img src='pier.jpg' alt='A pier with a lamp'><figcaption>Ann Lee/AFP via Getty "
        "Images</figcaption></figure>"
    ).figures
    assert figure == Figure(PIER.url, "A pier with a lamp", "Ann Lee / AFP via Getty Images")


def test_words_for_screen_readers_are_not_read_out_twice():
    article = read(f"<p>{FIRST} Again.<span class='visually-hidden'>(opens new tab)</span></p>")
    assert "new tab" not in blocks_text(article.parts)


def test_prose_beside_a_picture_stays_prose():
    article = read(
        f"<div><img src='pier.jpg'><p>{FIRST} Twice.</p><p class='caption'>Words</p></div>"
    )
    assert f"{FIRST} Twice." in blocks_text(article.parts)


WORDS = "<figcaption>The pier at night. Ann Lee/KFOG</figcaption>"
NAMED = "<meta property='og:image' content='https://www.site.example/a/pier.jpg'>"


def test_a_picture_that_a_script_puts_there_is_read():
    late = "<div data-src='pier.jpg' data-alt='A pier' data-width='900'></div>"
    article = read(f"<figure><span>{late}</span>{WORDS}</figure>")
    assert article.parts[1] == PIER


@pytest.mark.parametrize("name", ["l-sidebar-fixed", "non-ad-column", "card"])
def test_what_the_text_stands_in_hides_no_picture_above_it(name):
    figure = f"<figure><img src='pier.jpg' width='900'>{WORDS}</figure>"
    body = f"<div class='text'><p>{FIRST}</p><p>{SECOND}</p></div>"
    source = f"<body><article><div class='{name}'><h1>T</h1>{figure}{body}</div></article></body>"
    assert read_article(source.encode(), BASE, "text/html").lead == PIER


def test_a_figure_without_a_picture_tells_of_the_one_that_the_page_names():
    inner = f"<figure><div class='spinner'></div>{WORDS}</figure>"
    body = f"<article>{inner}<p>{FIRST}</p><p>{SECOND}</p></article>"
    source = f"<html><head><title>T</title>{NAMED}</head><body>{body}</body></html>"
    assert read_article(source.encode(), BASE, "text/html").lead == PIER


@pytest.mark.parametrize(
    "box",
    [
        f"<div><img src='pier.jpg' width='900'><div class='wp-caption'>{WORDS}</div></div>",
        f"<div><img src='pier.jpg' width='900'></div><div class='caption'>{WORDS}</div>",
    ],
)
def test_the_words_of_the_picture_that_the_page_names_stand_above_the_article(box):
    body = "".join(f"<p>{FIRST} Number {number}.</p>" for number in range(9))
    article = f"<div><main><article><h1>T</h1>{body}</article></main></div>"
    head = f"<head><title>T</title>{NAMED}</head>"
    source = f"<html>{head}<body><div>{box}</div>{article}</body></html>"
    assert read_article(source.encode(), BASE, "text/html").lead == PIER


def test_a_byline_beside_a_picture_is_no_credit():
    byline = "<div class='byline'>Bo Roe May 3, 2021 4:26 pm</div>"
    article = read(f"<div class='x'><img src='pier.jpg' alt='The pier at night'>{byline}</div>")
    assert [figure.credit for figure in article.figures] == [""]
