"""Saved pages of real kinds with their right values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from radiotui.articles.article import article_to_markdown, read_article
from radiotui.documents.model import (
    Article,
    CodeBlock,
    Heading,
    Paragraph,
    Quote,
    block_text,
    blocks_text,
)

_URL = "https://page.example/story"
_TEN = [f"Paragraph number {number}" for number in range(10)]
_PIXELS = ("google-analytics", "__utm", "pixel")


def article_of(path: Path) -> Article:
    """The article of a saved page."""
    return read_article(path.read_bytes(), _URL, "text/html")


def paragraphs(article: Article) -> list[str]:
    """The beginnings of the paragraphs."""
    texts = (block_text(block) for block in article.parts if isinstance(block, Paragraph))
    return [" ".join(text.split()[:3]) for text in texts]


def headings(article: Article) -> int:
    """The number of headings within the text."""
    return sum(isinstance(block, Heading) for block in article.parts)


def credits_of(article: Article) -> list[tuple[str, str]]:
    """Caption and credit of each figure."""
    return [(figure.caption, figure.credit) for figure in article.figures]


def counts_readers(article: Article) -> bool:
    """True where a picture or the text leads to those who count readers."""
    return any(sign in article_to_markdown(article) for sign in _PIXELS)


def has(*texts: str) -> Callable[[Article], list[bool]]:
    """Whether each of the texts stands in the article's body."""
    return lambda article: [text in blocks_text(article.parts) for text in texts]


def published(article: Article) -> str:
    """The time of an article in UTC."""
    return article.published.isoformat() if article.published else ""


def sound(article: Article) -> tuple[str, float | None] | None:
    """File and length of an article's sound."""
    audio = article.audio
    return (audio.url.rpartition("/")[2], audio.seconds) if audio else None


def code(article: Article) -> list[bool]:
    """Whether each code has its lines apart."""
    return ["\n" in block.text for block in article.parts if isinstance(block, CodeBlock)]


def quotes(article: Article) -> list[str]:
    """The words of each quotation."""
    return [block_text(block) for block in article.parts if isinstance(block, Quote)]


PAGES: dict[str, tuple[Callable[[Article], object], object]] = {
    "a_carousel_lead.html": (lambda a: a.lead is not None and bool(a.lead.credit), True),
    "b_quote_enh.html": (
        lambda a: (quotes(a), has("It is the first thing you see.\nMaria Delgado\n")(a)),
        (["It is the first thing you see."], [True]),
    ),
    "bbc_placeholder.html": (
        credits_of,
        [("The tower at dusk", "Getty Images"), ("The council on Tuesday", "EPA")],
    ),
    "byline_with_date.html": (lambda a: a.byline, "Emily Burack"),
    "c2_fullattribution_p.html": (counts_readers, False),
    "c_fullattribution.html": (counts_readers, False),
    "cjk_free_false.html": (lambda a: len(paragraphs(a)), 12),
    "code_spans.html": (code, [True]),
    "d_sidebar_module.html": (
        has("How to comment", "Comments may be sent to the council until December 1."),
        [True, True],
    ),
    "e_related_h3.html": (has("Related Stories"), [False]),
    "f_sendgrid.html": (
        lambda a: (has("newsletter", "in your inbox")(a), len(paragraphs(a))),
        ([False, False], 5),
    ),
    "g_data_size_article.html": (lambda a: a.figures[0].credit, "Ann Lee / KXYZ"),
    "ga_pixel.html": (counts_readers, False),
    "grove_whole.html": (
        lambda a: (published(a), sound(a), a.byline),
        (
            "2019-07-09T17:34:39+00:00",
            ("20190710_max_camaroon.mp3", None),
            "Ada Reporter",
        ),
    ),
    "h_tweet.html": (
        lambda a: (has("The tower stays. More at eleven.")(a), len(quotes(a))),
        ([True], 1),
    ),
    "i_suntimes_layer.html": (lambda a: (a.title, a.byline), ("Water tower stays", "Ann Lee")),
    "ids_of_headings.html": (lambda a: headings(a) >= 2 and len(paragraphs(a)) >= 6, True),
    "j_longform.html": (
        lambda a: (a.lead and (a.lead.caption, a.lead.credit), len(paragraphs(a))),
        (("Long caption.", "Ann Lee / KXYZ"), 5),
    ),
    "jsonld_escaped_html.html": (
        lambda a: (paragraphs(a), "<div" in blocks_text(a.parts)),
        (_TEN, False),
    ),
    "jsonld_headline_is_description.html": (lambda a: a.title, "New Zealand"),
    "jsonld_no_paragraphs.html": (paragraphs, _TEN),
    "jsonld_teaser_500.html": (lambda a: len(paragraphs(a)), 5),
    "k_no_layer.html": (lambda a: a.lead is not None and bool(a.lead.credit), True),
    "l_inline_audio_with_length.html": (
        lambda a: (sound(a), has("Subscribe")(a)),
        (("tower.mp3", 245.0), [False]),
    ),
    "login_in_menu_text_in_div.html": (lambda a: a.words > 120, True),
    "m_two_authors_by.html": (lambda a: a.byline, "Ann Lee, Bo Roe"),
    "n_author_no_link.html": (lambda a: a.byline, "Ann Lee"),
    "npr_2010_credit.html": (
        lambda a: [credit for _, credit in credits_of(a)],
        ["AFP / Getty Images"],
    ),
    "o_video_lead.html": (
        lambda a: (a.video, "youtube.com" in article_to_markdown(a), has("Watch: the tower")(a)),
        ("https://www.youtube.com/watch?v=abc123", True, [False]),
    ),
    "p_npr_transcript.html": (lambda a: a.copyright, "Transcript provided by NPR, Copyright NPR."),
    "paywall_class.html": (paragraphs, _TEN),
    "plain_link_number.html": (has("2. Bundesliga"), [True]),
    "q_html_module_iframe.html": (
        has(
            "Chart: votes by district", "Interactive graphic, not shown here: datawrapper.dwcdn.net"
        ),
        [True, True],
    ),
    "r_corrections.html": (lambda a: (has("Correction:")(a), len(a.note)), ([True], 1)),
    "random_ids.html": (paragraphs, _TEN),
    "s_og_image_only.html": (lambda a: a.lead is not None, True),
    "section_ads_modifier.html": (lambda a: (headings(a), paragraphs(a)), (10, _TEN)),
    "seo_table_two_columns.html": (has("Largest city", "Auckland"), [True, True]),
    "standfirst_outside_container.html": (paragraphs, ["Thousands took to", *_TEN]),
    "title_with_site.html": (lambda a: a.title, "Ten trees"),
    "transcript_npr.html": (lambda a: a.copyright, "Transcript provided by NPR, Copyright NPR."),
    "visually_hidden_text.html": (
        lambda a: (a.figures[0].caption, has("Author,", "Image caption")(a)),
        ("A protester in Glasgow", [False, False]),
    ),
    "yahoo_two_articles.html": (lambda a: paragraphs(a)[0], "The county council"),
}
