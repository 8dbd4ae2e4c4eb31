"""What is a photo: judged by its file and its element, and not by the folders it lies in."""

import pytest
from lxml import html

from radiotui.articles.article import read_article
from radiotui.documents.model import Figure
from radiotui.documents.photo_signs import may_be_photo, stands_for_none
from radiotui.documents.picture_urls import picture_address, picture_key

BASE = "https://www.site.example/a/b.html"
PARAGRAPH = (
    "The ferry left at six with nobody on board but the captain, who had told everybody that "
    "it would, and came back at nine with everybody who had not believed him."
)


def address_of(image: str) -> str | None:
    element = html.fragment_fromstring(f"<div>{image}</div>").find(".//img")
    return picture_address(element, BASE)


def read(inner: str, head: str = ""):
    source = f"<html><head><title>T</title>{head}</head><body><article><p>{PARAGRAPH}</p>{inner}"
    return read_article(f"{source}<p>{PARAGRAPH} Twice.</p></article>".encode(), BASE, "text/html")


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.example/dims4/default/0a1/strip/true/resize/880x/?url=http%3A%2F%2Fo.example%2Ffoghorn.jpg",
        "https://site.example/sites/default/files/2024-05/ferry.jpg",
        "https://site.example/sites/default/files/styles/default/public/ferry.jpg?itok=ab12",
        "https://media.example/ppmedia/1.8870000/default-retina/ferry.jpg",
        "https://site.example/social/share/ferry.jpg",
        "https://site.example/og-image/fallback/ferry-at-night.jpg",
        "https://site.example/logo/ferry.jpg",
        "https://site.example/2024/neighbours-share-a-ferry.jpg",
        "https://site.example/2024/new-logo-of-the-ferry-company-shown.jpg",
        "https://img.example/im-75811/social",
        "https://img.example/vi/aB3dE6gH9jK/default.jpg",
        "https://img.example/image/651022/default.jpg",
        "https://site.example/icons/of-the-church.jpg",
        "https://site.example/ads/ferry.jpg",
    ],
)
def test_a_named_picture_is_judged_by_its_file(address):
    assert not stands_for_none(address)
    named = f'<meta property="og:image" content="{address}">'
    assert read("", named).lead == Figure(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://site.example/assets/logo.png",
        "https://site.example/assets/site-logo-1200x630.png",
        "https://site.example/opengraph_default.png",
        "https://kfog.example/img/kfog-social-share.png",
        "https://site.example/og-image.jpg",
        "https://site.example/default.jpg",
        "https://site.example/img/fb-share-image.jpg",
        "https://cdn.example/?url=https%3A%2F%2Fsite.example%2Ffallback.png",
        "https://site.example/image-placeholder-16x9.png",
        "https://www.google-analytics.com/__utm.gif?utmac=UA-1",
    ],
)
def test_the_sites_own_sign_is_no_photo(address):
    assert stands_for_none(address)
    assert read("", f'<meta property="og:image" content="{address}">').lead is None


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://www.google-analytics.com/__utm.gif?utmac=UA-1&utmdt=x">',
        '<img src="https://pixel.count.example/p?site=4">',
        '<img src="https://stats.news.example/a.jpg" width="600" height="400">',
        '<img src="https://b.scorecardresearch.com/p?c1=2">',
        '<img src="https://vg07.met.vgwort.de/na/0123456789abcdef" alt="">',
        '<img src="https://counter.paper.example/content/7/count.gif?distributor=x" width="1">',
        '<img src="https://paper.example/republication-pixel?post=7">',
        '<img src="https://a.example/image?page=story&amp;referrer=feed">',
        '<img src="https://a.example/i.gif?u=12">',
        '<img src="/a.jpg" style="width: 1px; height: 1px">',
        '<img src="/a.jpg" style="opacity:0">',
        '<img src="/a.jpg" hidden>',
        '<img src="/x/grey-placeholder.png">',
        '<img src="/x/lazy-load.gif">',
        '<img src="/x/1x1-transparent.gif">',
        '<img src="/x/no-image.png">',
        '<img src="/x.avif">',
        '<img src="/x.jpg" alt="KFOG logo">',
        '<img src="/x.jpg" class="wp-smiley emoji">',
    ],
)
def test_what_reports_or_stands_in_is_never_a_picture(image):
    assert address_of(image) is None
    assert read(f"<p>{PARAGRAPH} {image}</p>").figures == ()


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ('<img class="c-4ad ad-lib" src="/f.jpg">', "/f.jpg"),
        ('<img id="e1ad" src="/f.jpg">', "/f.jpg"),
        ('<img src="/photo.php?id=7" width="800">', "/photo.php?id=7"),
        ('<img src="/photo?id=7" alt="The ferry at the pier">', "/photo?id=7"),
        ('<img src="/x.avif" data-fallback-src="/f.jpg">', "/f.jpg"),
        ('<img src="data:," data-flickity-lazyload="/f.jpg">', "/f.jpg"),
        ('<img src="data:," data-large-file="/f.jpg" data-thumb="/t.jpg">', "/f.jpg"),
        (
            '<img data-srcs=\'{"https://i.example/f1?x=1":{"contentType":"image/jpeg"}}\' alt="x">',
            "https://i.example/f1?x=1",
        ),
        (
            '<img alt="The ferry" width="900" data-url="https://s.example/i/6_${formatId}.jpg">',
            "https://s.example/i/6_605.jpg",
        ),
        ('<img data-src="/{width}/f.jpg" alt="A ferry">', "/1200/f.jpg"),
    ],
)
def test_the_photo_is_found_wherever_the_page_keeps_it(image, address):
    link = address if address.startswith("http") else f"https://www.site.example{address}"
    assert address_of(image) == link


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://cdn.example/thumbor/Ab=/0x1:20x30/fit-in/1200x630/up.example/a/19/ferry.jpg",
            "https://up.example/a/19/ferry.jpg",
        ),
        (
            "https://c.example/1200x630/smart/http://www.fog.example/files/2019/ferry.jpg",
            "https://www.fog.example/files/2019/ferry-800x600.jpg",
        ),
        ("https://b.example/x/w1200-h630-p-k/f.jpg", "https://b.example/x/s1600/f.jpg"),
        ("https://c.example/a/18-ferry-super-tease.jpg", "https://c.example/a/18-ferry.jpg"),
        ("https://c.example/a/ferry-e1574099961231.jpg", "https://c.example/a/ferry.jpg"),
    ],
)
def test_sizes_of_one_photo_are_one_photo(one, other):
    assert picture_key(one) == picture_key(other)


def test_two_sizes_in_a_folder_with_a_files_name_are_of_that_file():
    key = picture_key("https://a.example/ferry.jpg/large.jpg")
    assert key != picture_key("https://a.example/pier.jpg/large.jpg")


def test_words_of_an_element_speak_for_a_file_without_a_name():
    assert may_be_photo("https://a.example/photo?id=7", speaks=True)
    assert not may_be_photo("https://a.example/photo?id=7", speaks=False)


def test_a_name_of_a_thousand_sizes_is_read_at_once():
    # Each mark was taken off by itself, and the rest read again.
    assert picture_key(f"https://a.example/x/ferry{'-300x200' * 4}.jpg") == "x/ferry"
    assert picture_key(f"https://a.example/x/ferry{'-large' * 300}.jpg").count("-large") == 296


def test_a_folder_made_to_be_slow_is_read():
    # Its letters could be cut at each dash: that never ended.
    key = picture_key(f"https://a.example/s100{'-a' * 400}!/ferry.jpg")
    assert key.endswith("!/ferry")
    assert may_be_photo(f"https://a.example/{'a-' * 900}.jpg")
