"""The pieces that an article is put together from: pictures, credits, sound, dates, notes."""

import json
from datetime import UTC, datetime
from html import escape

import pytest

from radiotui.articles.article import read_article
from radiotui.articles.metadata import moment, seconds
from radiotui.documents.credits import credit_of
from radiotui.documents.markdown_writer import blocks_to_markdown
from radiotui.documents.model import Article, Figure, StoryAudio
from radiotui.documents.picture_urls import picture_key
from tests.documents import written

BASE = "https://www.site.example/a/b.html"
LONG = (
    "A paragraph of this length is what a story is made of, and so it is read as one, "
    "wherever on the page it stands and whatever stands beside it."
)
AFTER = (
    "A second paragraph has to follow the first, because a story of one paragraph is called "
    "a notice, and nobody would send a photographer for a notice."
)


def read(body: str, head: str = "") -> Article:
    source = f"<html><head><title>T</title>{head}</head><body>{body}</body></html>"
    return read_article(source.encode(), BASE, "text/html; charset=utf-8")


def story(inner: str, head: str = "", before: str = "") -> Article:
    return read(f"<article>{before}<p>{LONG}</p>{inner}<p>{AFTER}</p></article>", head)


def within(inner: str) -> list[Figure]:
    return [part for part in story(inner).parts if isinstance(part, Figure)]


def told(**said: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **said}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


# Pictures


@pytest.mark.parametrize(
    ("image", "chosen"),
    [
        ('<img src="a.jpg">', "a.jpg"),
        (
            '<img src="a.jpg" srcset="a-400.jpg 400w, a-1600.jpg 1600w, a-3000.jpg 3000w">',
            "a-1600.jpg",
        ),
        ('<img src="a.jpg" srcset="a-2000.jpg 2000w,a-3000.jpg 3000w">', "a.jpg"),
        ('<img srcset="a-2000.jpg 2000w, a-3000.jpg 3000w">', "a-2000.jpg"),
        ('<img srcset="a.jpg, b.jpg 2x">', "b.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="a.jpg">', "a.jpg"),
        ('<img src="x.gif" data-srcset="a.jpg 800w">', "a.jpg"),
        ('<img src="data:," data-lazy-src="a.jpg">', "a.jpg"),
        ('<img data-original="a.jpg">', "a.jpg"),
        ('<img srcset="w_800,h_600/a.jpg 800w, w_1200,h_900/a.jpg 1200w">', "w_1200,h_900/a.jpg"),
        ('<picture><source srcset="a.webp 900w"><img src="a.jpg"></picture>', "a.webp"),
        (
            '<picture><source srcset="b.webp 1600w"><source srcset="a.webp 800w"><img src="a.jpg">',
            "b.webp",
        ),
        ('<picture><source type="image/avif" srcset="a.avif"><img src="a.jpg"></picture>', "a.jpg"),
        (
            '<picture><source data-srcset="a.webp 9w"></source><img src="data:,x"></picture>',
            "a.webp",
        ),
        ('<img class="lazy" src="data:,"><noscript><img src="a.jpg"></noscript>', "a.jpg"),
        ('<a href="a-full.html"><img src="a.jpg"></a>', "a.jpg"),
    ],
)
def test_the_picture_that_suits_is_taken(image, chosen):
    figures = within(f"<figure>{image}<figcaption>Words</figcaption></figure>")
    assert figures == [Figure(f"https://www.site.example/a/{chosen}", "Words")]


@pytest.mark.parametrize(
    "image",
    [
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<img src="javascript:alert(1)">',
        '<img src="file:///etc/passwd">',
        '<img src="a.jpg" width="1" height="1">',
        '<img src="a.jpg" width="32" height="32">',
        '<img src="a.jpg" class="author-avatar">',
        '<img src="a.jpg" style="display: none">',
        '<img src="icons/share.svg">',
        '<img src="https://media.npr.example/include/images/tracking/npr-rss-pixel.png?story=1">',
        '<img src="https://ads.example/ads/banner.jpg">',
        "<img>",
    ],
)
def test_what_is_no_photo_is_no_figure(image):
    assert within(f"<p>{image}</p>") == []
    assert within(f"<figure>{image}</figure>") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x/photo.jpg", "https://b.example/x/photo.jpg?w=300&h=200"),
        ("https://a.example/x/photo-300x200.jpg", "https://a.example/x/photo-scaled.jpg"),
        ("https://a.example/x/photo.jpg", "https://a.example/x/photo@2x.webp"),
        ("https://a.example/480/x/photo.jpg", "https://a.example/1200x800/x/photo.jpg"),
        ("https://a.example/w_800,c_fill/photo.jpg", "https://a.example/w_400,c_fit/photo.jpg"),
        (
            "https://m.example/2022/mask_wide-0123456789abcdef-s1100-c85.webp",
            "https://m.example/2022/mask_sq-fedcba9876543210-s100.jpg",
        ),
        (
            "https://p.example/dims4/default/a1/crop/10x10/?url=http%3A%2F%2Fo.example%2Fx%2Fp.jpg",
            "https://p.example/dims3/default/b2/resize/900/?url=http%3A%2F%2Fo.example%2Fx%2Fp.jpg",
        ),
        ("https://a.example/image?id=7&width=300", "https://a.example/image?width=900&id=7"),
    ],
)
def test_one_picture_in_two_sizes_is_one_picture(one, other):
    assert picture_key(one) == picture_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x/IMG_0412.jpg", "https://a.example/x/IMG_0413.jpg"),
        ("https://a.example/x/photo.jpg", "https://a.example/y/photo.jpg"),
        ("https://a.example/image?id=7&width=300", "https://a.example/image?id=8&width=300"),
        (
            "https://p.example/dims4/a1/?url=http%3A%2F%2Fo.example%2Fx%2Fp.jpg",
            "https://p.example/dims4/a1/?url=http%3A%2F%2Fo.example%2Fx%2Fq.jpg",
        ),
    ],
)
def test_two_pictures_are_two(one, other):
    assert picture_key(one) != picture_key(other)


def test_the_lead_is_not_shown_again_in_the_text():
    article = story(
        '<figure><img src="p/photo-300x200.jpg"></figure>',
        before='<figure><img src="p/photo-1200x800.jpg"><figcaption>Words</figcaption></figure>',
    )
    assert article.lead == Figure("https://www.site.example/a/p/photo-1200x800.jpg", "Words")
    assert written(article.parts) == (f"{LONG}\n\n{AFTER}",)


def test_the_first_picture_is_the_lead_where_the_page_is_named_by_it():
    head = told(image={"url": "p/photo.jpg", "caption": "Told", "creditText": "Ann"})
    article = story('<figure><img src="p/photo-640x480.jpg"></figure>', head)
    lead = Figure("https://www.site.example/a/p/photo-640x480.jpg", "Told", "Ann")
    assert (article.lead, written(article.parts)) == (lead, (f"{LONG}\n\n{AFTER}",))


def test_a_picture_that_the_page_is_named_by_stays_behind_others():
    head = '<meta property="og:image" content="p/photo.jpg">'
    other = Figure("https://www.site.example/a/p/other.jpg")
    photo = Figure("https://www.site.example/a/p/photo.jpg")
    article = story(
        '<figure><img src="p/other.jpg"></figure><figure><img src="p/photo.jpg"></figure>', head
    )
    assert (article.lead, written(article.parts)) == (None, (LONG, other, photo, AFTER))


def test_a_named_picture_is_the_lead_beside_others_too():
    named = '<meta property="og:image" content="p/photo.jpg">'
    other = Figure("https://www.site.example/a/p/other.jpg")
    article = story('<figure><img src="p/other.jpg"></figure>', named)
    assert article.lead == Figure("https://www.site.example/a/p/photo.jpg")
    assert written(article.parts) == (LONG, other, AFTER)


def test_the_page_names_a_picture_that_it_does_not_show():
    named = '<meta property="og:image" content="p/photo.jpg">'
    assert story("", named).lead == Figure("https://www.site.example/a/p/photo.jpg")
    sign = '<meta property="og:image" content="p/default-logo.png">'
    assert story("", sign).lead is None


def test_no_more_figures_than_one_can_look_at():
    figures = [f'<figure><img src="{n}/a{n}.jpg"></figure><p>{LONG} {n}</p>' for n in range(90)]
    assert len(story("".join(figures)).figures) == 60


# Captions and credits


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("(Image credit: Robert Franklin/AP)", "Robert Franklin / AP"),
        ("Photo by Ann Lee", "Ann Lee"),
        ("Photograph: Ann Lee | Reuters", "Ann Lee / Reuters"),
        ("Credit: Courtesy of the family", "Courtesy of the family"),
        ("© Ann Lee", "Ann Lee"),
        ("Ann Lee/NPR hide caption", "Ann Lee / NPR"),
        ("AP Photo/Ann Lee", "AP Photo / Ann Lee"),
        ("Ann Lee", "Ann Lee"),
        ("Photo:", ""),
        ("", ""),
    ],
)
def test_a_credit_is_its_names(written, shown):
    assert credit_of(written) == shown


@pytest.mark.parametrize(
    "below",
    [
        "<figcaption>The mill. <span class='credit'>Photo by Ann/AP</span></figcaption>",
        "<figcaption>The mill. (Photo by Ann/AP)</figcaption>",
        "<figcaption>The mill. Photo: Ann/AP</figcaption>",
        "<figcaption>The mill. (Image credit: Ann/AP)</figcaption>",
        "<div class='Figure-caption'>The mill.</div><div class='Figure-credit'>Ann</div>"
        "<div class='Figure-source'>AP</div>",
        "<p class='wp-caption-text'>The mill.</p><small itemprop='copyrightHolder'>Ann/AP</small>",
        "<figcaption>The mill.</figcaption></figure><p class='photo-credit'>Ann/AP</p><figure>",
        "</figure><p class='caption'>The mill.</p><p>Photo: Ann/AP</p><figure>",
        "<figcaption>The mill.<br>Ann/AP</figcaption><b class='credit'>Ann/AP</b>",
    ],
)
def test_caption_and_credit_are_told_apart(below):
    figures = within(f'<figure><img src="a.jpg">{below}</figure>')
    assert figures == [Figure("https://www.site.example/a/a.jpg", "The mill.", "Ann / AP")]


def test_a_caption_that_is_in_the_text_as_well_is_shown_once():
    caption = "The mill of Upper Fennel stands where the river is loudest."
    article = story(
        f'<figure><img src="a.jpg"><figcaption>{caption}</figcaption></figure>'
        f"<p>{caption}</p><p>{caption.upper()}</p>"
    )
    assert written(article.parts) == (
        LONG,
        Figure("https://www.site.example/a/a.jpg", caption),
        AFTER,
    )


def test_an_outer_caption_is_for_the_first_that_has_none():
    assert within(
        '<figure><div class="Figure"><img src="a.jpg"></div><img src="data:,">'
        "<figcaption>Both</figcaption></figure>"
    ) == [Figure("https://www.site.example/a/a.jpg", "Both")]


def test_a_figure_of_words_stays_words():
    article = story(
        "<figure><blockquote><p>A quotation that is set in a figure.</p></blockquote></figure>"
    )
    assert written(article.parts) == (
        f"{LONG}\n\n> A quotation that is set in a figure.\n\n{AFTER}",
    )


# Text


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2022 NPR. To see more, visit https://www.npr.org.",
        "© 2022 NPR",
        "Copyright 2022 KNAU",
        "Copyright © 2022 by KNAU Arizona Public Radio. All rights reserved.",
        "(c) 2024 The Courier",
        "© The Courier 2024",
    ],
)
@pytest.mark.parametrize("frame", ["<p>{}</p>", "<div><em>{}</em></div>", "<p>{}</p><p>&nbsp;</p>"])
def test_the_copyright_line_stands_by_itself(line, frame):
    article = read(f"<article><p>{LONG}</p><p>{AFTER}</p>{frame.format(line)}</article>")
    assert article.copyright == line
    assert written(article.parts) == (f"{LONG}\n\n{AFTER}",)


def test_a_copyright_line_at_the_end_of_a_paragraph_is_found_too():
    article = read(f"<article><p>{LONG}</p><p>{AFTER} Copyright 2022 NPR.</p></article>")
    assert (written(article.parts), article.copyright) == (
        (f"{LONG}\n\n{AFTER}",),
        "Copyright 2022 NPR.",
    )


def test_a_story_about_copyright_keeps_its_words():
    said = f"Copyright 1923 is printed on the film that nobody could find. {LONG * 3}"
    article = read(f"<article><p>{said}</p>" + f"<p>{AFTER}</p>" * 7 + "</article>")
    assert article.copyright == ""
    assert written(article.parts)[0].startswith("Copyright 1923")


@pytest.mark.parametrize(
    ("byline", "line", "note"),
    [
        ("", "<em>Ann Lee is a reporter for KNAU.</em>", "*Ann Lee is a reporter for KNAU.*"),
        ("", "<i>Ann Lee contributed to this story.</i>", "*Ann Lee contributed to this story.*"),
        ("Ann Lee", "Ann Lee covers the courts.", "Ann Lee covers the courts."),
        ("Bo", "Ann Lee is the name of a reporter and of a boat.", ""),
        ("", "<em>This story was made with the help of many.</em>", ""),
        ("Ann Lee", "Ann Lee is back on the river.", ""),
    ],
)
def test_the_note_on_the_reporter_stands_by_itself(byline, line, note):
    head = f'<meta name="author" content="{byline}">'
    article = read(f"<article><p>{LONG}</p><p>{AFTER}</p><p>{line}</p></article>", head)
    assert blocks_to_markdown(article.note) == note
    assert (len(written(article.parts)[0].split("\n\n")) == 2) == bool(note)


def test_below_the_copyright_line_stands_the_note():
    line = "Ann Lee is a reporter for KNAU."
    text = f"<p>{LONG}</p><p>{AFTER}</p>"
    article = read(f"<article>{text}<p>© 2022 NPR</p><p>{line}</p></article>")
    assert (blocks_to_markdown(article.note), written(article.parts)) == (
        line,
        (f"{LONG}\n\n{AFTER}",),
    )
    assert read(f"<article>{text}<p>{line}</p></article>").note == ()


@pytest.mark.parametrize("tag", ["h1", "h2", "div"])
def test_the_headline_is_not_shown_again_above_the_text(tag):
    third = LONG.replace("story", "tale").replace("page", "sheet")
    head = told(headline="The headline", articleBody=f"The headline. {LONG} {third} {AFTER}")
    article = story(f"<p>{third}</p>", head, before=f"<{tag}>The headline</{tag}>")
    assert written(article.parts) == (f"{LONG}\n\n{third}\n\n{AFTER}",)


def test_a_zero_does_not_end_the_page():
    article = story("<p>The ri\0ver goes on and on, and says nothing that one could print.</p>")
    assert written(article.parts) == (
        f"{LONG}\n\nThe river goes on and on, and says nothing that one could print.\n\n{AFTER}",
    )


def test_cards_forms_and_share_bars_are_not_read():
    article = story(
        "<div class='related-stories'><h3>Related</h3><p>A card about something else.</p></div>"
        "<div class='c-newsletter-signup'><p>Get our letter every morning.</p></div>"
        "<ul class='share-bar'><li>Facebook</li><li>Twitter</li></ul>"
        "<form><p>Leave a comment</p><button>Send</button></form>"
        "<aside><p>By the way, something else again.</p></aside>"
        "<p hidden>Hidden words.</p><div style='display:none'><p>More hidden words.</p></div>"
        "<p class='sr-only'>Words for machines.</p>"
    )
    assert written(article.parts) == (f"{LONG}\n\n{AFTER}",)


def test_a_long_story_is_bounded():
    body = "".join(f"<p>{LONG} {number}</p>" for number in range(3000))
    article = read(f"<div class='ArtP-articleBody'>{body}</div>", GROVE)
    assert (
        100_000
        < sum(len(part) for part in written(article.parts) if isinstance(part, str))
        <= 210_000
    )


# Grove and npr.org: what only their markup tells

GROVE = """<meta name="brightspot-dataLayer" content='{}'>"""


def test_a_grove_page_is_known_by_its_markup_however_short():
    head = GROVE.format('{"storyTitle": "T", "author": "Ann Lee"}')
    article = read("<div class='ArticlePage-articleBody'><p>Rain.</p></div><p>Imprint.</p>", head)
    assert (article.title, article.byline, written(article.parts)) == ("T", "Ann Lee", ("Rain.",))


def test_a_page_like_npr_s_is_known_by_its_markup_however_short():
    article = read(
        "<div class='storytitle'><h1>T</h1></div><div aria-label='Byline'><a>Ann Lee</a></div>"
        "<div class='dateblock'><time datetime='2024-01-02T03:04:05-05:00'></time></div>"
        "<div id='storytext'><p>Rain.</p></div><p>Imprint.</p>"
    )
    assert (article.title, article.byline, written(article.parts)) == ("T", "Ann Lee", ("Rain.",))
    assert article.published == datetime(2024, 1, 2, 8, 4, 5, tzinfo=UTC)


def test_a_grove_time_without_a_zone_is_the_stations():
    head = GROVE.format('{"publishedDate": "2024-01-02T03:00:00", "timezone": "America/Phoenix"}')
    article = read("<div class='ArtP-articleBody'><p>Rain.</p></div>", head)
    assert article.published == datetime(2024, 1, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("layer", ["", "[", "[]", "{", '{"timezone": "../../etc", "author": []}'])
def test_a_data_layer_in_disorder_costs_nothing(layer):
    article = read("<div class='ArtP-articleBody'><p>Rain.</p></div>", GROVE.format(layer))
    assert written(article.parts) == ("Rain.",)


@pytest.mark.parametrize(
    "insert",
    [
        "<h3>See as well</h3><ps-promo><a href='x'>A foghorn</a></ps-promo>",
        "<p>A word from our friends</p><div class='GoogleDfpAdModule'></div>",
    ],
)
def test_inserts_of_cards_and_adverts_go_as_a_whole(insert):
    body = f"<p>Rain.</p><div class='Enh'>{insert}</div><p>Sun.</p>"
    article = read(f"<div class='ArtP-articleBody'>{body}</div>", GROVE)
    assert written(article.parts) == ("Rain.\n\nSun.",)


def test_a_lead_that_is_there_in_two_sizes_has_the_words_of_either():
    lead = (
        '<figure><img src="p/a-300x200.jpg"><figure><img src="p/a-900x600.jpg">'
        "<figcaption>Words</figcaption></figure></figure>"
    )
    article = read(f"<main>{lead}<div class='ArtP-articleBody'><p>Rain.</p></div></main>", GROVE)
    assert article.figures == (Figure("https://www.site.example/a/p/a-300x200.jpg", "Words"),)


def test_a_headline_within_the_text_is_not_shown_again():
    head = GROVE.format('{"storyTitle": "The rain of Monday"}')
    body = "<h2>The Rain of Monday</h2><p>Rain.</p><h2>The rain of Monday</h2>"
    article = read(f"<div class='ArtP-articleBody'>{body}</div>", head)
    assert written(article.parts) == ("Rain.\n\n## The rain of Monday",)


def test_most_of_a_text_is_not_judged_by_the_name_of_its_box():
    body = f"<p>Rain.</p><div class='social-share'><p>{LONG}</p></div>"
    article = read(f"<div class='ArtP-articleBody'>{body}</div>", GROVE)
    assert written(article.parts) == (f"Rain.\n\n{LONG}",)


# Sound


@pytest.mark.parametrize(
    ("player", "audio"),
    [
        (
            "<ps-stream data-stream-duration='239'><ps-stream-url data-stream-url='/a.mp3'>",
            StoryAudio("https://www.site.example/a.mp3", 239.0),
        ),
        (
            "<ps-stream data-stream-duration><ps-stream-url data-stream-url='/a.mp3'>",
            StoryAudio("https://www.site.example/a.mp3"),
        ),
        (
            "<div class='audio-module' data-audio='{}'>".format(
                escape(json.dumps({"audioUrl": "aHR0cHM6Ly9zLmV4YW1wbGUvYS5tcDM=", "duration": 61}))
            ),
            StoryAudio("https://s.example/a.mp3", 61.0),
        ),
        (
            "<div class='audio-module'><time class='audio-module-time'>4:05</time>"
            "<a href='https://s.example/a.mp3?x=1'>Download</a>",
            StoryAudio("https://s.example/a.mp3?x=1", 245.0),
        ),
        ("<audio src='/a.mp3'></audio>", StoryAudio("https://www.site.example/a.mp3")),
        (
            "<audio><source src='file:///a'><source src='/a.ogg'></audio>",
            StoryAudio("https://www.site.example/a.ogg"),
        ),
        ("<div class='promo'><audio src='/other.mp3'></audio></div>", None),
        ("<ps-stream data-stream-duration='9'><p data-stream-url='file:///a'></p>", None),
        (
            "<ps-promo><ps-stream data-stream-duration='9'><p data-stream-url='/x'></p></ps-promo>",
            None,
        ),
    ],
)
def test_the_storys_own_sound_is_found(player, audio):
    assert story(f"<div>{player}</div>").audio == audio


def test_the_stations_stream_is_not_the_storys_sound():
    article = read(
        "<header><audio src='/live.mp3'></audio></header>"
        "<ps-stream data-stream-duration=''><b data-stream-url='/live.mp3'></b></ps-stream>"
        f"<article><p>{LONG}</p><p>{AFTER}</p></article>"
    )
    assert article.audio is None


@pytest.mark.parametrize(
    ("head", "audio"),
    [
        (
            '<meta property="og:audio" content="/a.mp3">',
            StoryAudio("https://www.site.example/a.mp3"),
        ),
        (
            told(audio={"@type": "AudioObject", "contentUrl": "/a.mp3", "duration": "PT1H2M3S"}),
            StoryAudio("https://www.site.example/a.mp3", 3723.0),
        ),
        (told(associatedMedia={"@type": "VideoObject", "contentUrl": "/a.mp4"}), None),
    ],
)
def test_sound_that_the_page_only_tells_of_counts_too(head, audio):
    assert story("", head).audio == audio


# What the page says to machines


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Ann Lee", "Ann Lee"),
        ({"@type": "Person", "name": "By Ann Lee"}, "Ann Lee"),
        ([{"name": "Ann Lee"}, {"name": ["Bo", "Ann Lee"]}, "Cy"], "Ann Lee, Bo, Cy"),
        ([{"name": "https://ann.example"}, {"name": None}, 7, None, {"name": "a@b.example"}], ""),
        ("Ann &amp; Bo", "Ann & Bo"),
    ],
)
def test_authors_are_told_in_many_ways(author, byline):
    assert story("", told(author=author)).byline == byline


@pytest.mark.parametrize(
    ("image", "lead"),
    [
        ("/a.jpg", Figure("https://www.site.example/a.jpg")),
        (["/a.jpg", "/b.jpg"], Figure("https://www.site.example/a.jpg")),
        (
            {"url": "/a.jpg", "caption": "Words. (Photo by Ann)"},
            Figure("https://www.site.example/a.jpg", "Words.", "Ann"),
        ),
        (
            [{"contentUrl": "/a.jpg", "copyrightHolder": {"name": "Ann/AP"}}],
            Figure("https://www.site.example/a.jpg", "", "Ann / AP"),
        ),
        ({"url": "javascript:alert(1)"}, None),
        ([], None),
        (5, None),
    ],
)
def test_pictures_are_told_in_many_ways(image, lead):
    assert story("", told(image=image)).lead == lead


def test_a_body_of_html_is_read_as_html():
    body = f"<p>{LONG}</p><blockquote>{AFTER}</blockquote><p><a href='x'>{LONG} Again.</a></p>"
    article = read("<div id=app></div>", told(articleBody=body))
    assert written(article.parts) == (
        f"{LONG}\n\n> {AFTER}\n\n[{LONG} Again.](https://www.site.example/a/x)",
    )


def test_a_teaser_in_the_data_is_not_taken_for_the_story():
    head = told(articleBody=f"{LONG} {LONG} {LONG} …", headline="Told")
    article = story("", head)
    assert (article.title, written(article.parts)) == ("Told", (f"{LONG}\n\n{AFTER}",))


def test_data_in_disorder_costs_nothing_but_itself():
    broken = '<script type="application/ld+json">{"@type": </script>'
    assert story("", broken + told(headline="Told")).title == "Told"
    listed = '<script type="application/ld+json">[[{"@graph": [1, {"@type": "WebPage"}]}]]</script>'
    assert story("", listed + told(headline="A &quot;B&quot;\n<i>c</i>")).title == 'A "B" c'


# Facts


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2022-10-05T09:01:00Z", datetime(2022, 10, 5, 9, 1, tzinfo=UTC)),
        ("2022-10-05T09:01:00.00", datetime(2022, 10, 5, 9, 1, tzinfo=UTC)),
        ("2022-10-05T09:01:00-0700", datetime(2022, 10, 5, 16, 1, tzinfo=UTC)),
        ("2022-10-05", datetime(2022, 10, 5, tzinfo=UTC)),
        ("Wed, 05 Oct 2022 09:01:00 +0200", datetime(2022, 10, 5, 7, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("1970-01-01", None),
        ("yesterday", None),
        ("", None),
        (7, None),
    ],
)
def test_times_are_read_as_utc(written, read_as):
    assert moment(written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("3:59", 239.0),
        ("1:02:03", 3723.0),
        ("239", 239.0),
        (239, 239.0),
        ("PT3M59S", 239.0),
        ("PT1H", 3600.0),
        ("P1DT1H", None),
        ("", None),
        ("P", None),
        ("0:00", None),
        (True, None),
        (float("nan"), None),
        ("soon", None),
    ],
)
def test_lengths_of_sound_are_read_as_seconds(written, read_as):
    assert seconds(written) == read_as


def test_a_time_that_was_changed_in_the_same_minute_is_no_update():
    head = told(datePublished="2022-10-05T09:01:00Z", dateModified="2022-10-05T09:01:40Z")
    assert story("", head).updated is None
    head = told(datePublished="2022-10-05T09:01:00Z", dateModified="2022-10-05T11:00:00Z")
    assert story("", head).updated == datetime(2022, 10, 5, 11, tzinfo=UTC)


def test_what_the_page_shows_stands_in_for_what_it_does_not_tell():
    article = story(
        "",
        before="<h1>The headline</h1><div class='byline'>By Ann Lee | Published today</div>"
        "<time datetime='2024-01-02T03:04:05Z'>today</time>",
    )
    assert (article.title, article.byline) == ("The headline", "Ann Lee")
    assert article.published == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert written(article.parts) == (f"{LONG}\n\n{AFTER}",)
