"""What stands beside, above and below an article's text, and is not of it."""

import json

import pytest

from radiotui.articles.article import read_article
from radiotui.articles.foreign import drop_foreign
from radiotui.articles.serialise import page_account
from radiotui.documents.html_tree import read_page
from radiotui.documents.model import Article, blocks_text

URL = "https://www.site.example/stories/one"
STORY = [
    f"Line {number} of this report tells of the {thing} of the harbour, which the town had "
    "forgotten for years, and it is as long as people write them."
    for number, thing in enumerate(("crane", "wall", "light", "ferry", "bell", "sheds", "rail"))
]


def article_of(body: str, head: str = "<title>The harbour</title>") -> Article:
    source = f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return read_article(source.encode(), URL, "text/html; charset=utf-8")


def head_with(headline: str, summary: str, text: str) -> str:
    data = {"@type": "NewsArticle", "headline": headline, "articleBody": text}
    return (
        f"<title>{headline}</title><meta name='description' content='{summary}'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    )


def lines_of(inner: str) -> list[str]:
    article = article_of(f"<article><h1>The harbour</h1>{inner}</article>")
    return blocks_text(article.parts).split("\n")


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def card(number: int, link: str = "/stories/other-{}") -> str:
    return (
        f"<li><a href='{link.format(number)}'><img src='/photos/other-{number}.jpg' width='300' "
        f"alt='Another photo entirely'><h4>Other story number {number} of the day</h4></a>"
        f"<h5>What came of number {number}</h5></li>"
    )


def test_text_in_no_paragraph_is_found_with_its_pictures() -> None:
    loose = "<br><br>".join(STORY[:4])
    article = article_of(
        f"<div class='text'>{loose}<div><figure><img src='/p/crane.jpg' width='800'>"
        f"<figcaption>The crane</figcaption></figure></div>{STORY[4]}<br><br>{STORY[5]}"
        "<div class='tools'>Print</div></div>"
    )
    assert blocks_text(article.parts).split("\n") == STORY[:6]
    assert [figure.caption for figure in article.figures] == ["The crane"]


def test_a_standfirst_in_a_box_between_headline_and_text() -> None:
    headline = "The harbour of the town is open again"
    summary = "In spring, says the town, all of the boats may return, and the ferry first of all."
    inner = f"<div class='article__summary'>{summary}</div>{paragraphs(STORY)}"
    article = article_of(
        f"<div class='article'><h1>{headline}</h1>{inner}</div>",
        head_with(headline, summary, "\n".join([headline, *STORY])),
    )
    assert blocks_text(article.parts).split("\n") == [summary, *STORY]


def test_below_quoted_words_stands_who_said_them() -> None:
    words = "We saw the light from the ferry, and it was as red as it ever was in all these years."
    tweet = f"<blockquote><p>{words}</p>&mdash; Ann Lee (@annlee) <a href='/1'>May 2</a>"
    article = article_of(
        f"<article><h1>The harbour</h1>{paragraphs(STORY[:3])}<div>{tweet}</blockquote></div>"
        f"{paragraphs(STORY[3:])}</article>",
        head_with("The harbour", "", "\n".join([*STORY[:3], words, *STORY[3:]])),
    )
    assert "— Ann Lee (@annlee) May 2" in blocks_text(article.parts)


def test_cards_of_other_stories_go_with_their_pictures() -> None:
    cards = "".join(map(card, range(1, 5)))
    article = article_of(
        f"<article><h1>The harbour</h1>{paragraphs(STORY)}<div class='box'><ul>{cards}</ul></div>"
        "</article>"
    )
    assert blocks_text(article.parts).split("\n") == STORY
    assert article.figures == ()


def test_a_list_of_things_elsewhere_is_of_the_article() -> None:
    cards = "".join(card(number, "https://shop{}.example/x") for number in range(1, 4))
    assert "Other story number 3 of the day" in lines_of(f"{paragraphs(STORY)}<ul>{cards}</ul>")


def test_sections_of_prose_stay_though_their_headings_are_links() -> None:
    sections = "".join(
        f"<section><h2><a href='/part/{n}'>Part {n}</a></h2><p>{line} {line}</p></section>"
        for n, line in enumerate(STORY)
    )
    assert [line for line in lines_of(sections) if line.startswith("Line")] == [
        f"{line} {line}" for line in STORY
    ]


@pytest.mark.parametrize(
    "sign",
    [
        "Related: <a href='/s/2'>The town that lost its harbour and found a lake</a>",
        "<b>READ MORE: <a href='/s/2'>The lighthouse keeper speaks</a></b>",
        "[Related: <a href='/s/2'>All about the lighthouse</a>]",
        "Also on site.example <a href='/s/2'>The lighthouse keeper speaks at last</a>",
        "<a href='/s/2'>Lesen Sie auch: Der Hafen und seine Schiffe</a>",
        "À lire aussi : <a href='/s/2'>Le port et ses bateaux</a>",
        "(Leggi anche: <a href='/s/2'>Il porto e le sue navi</a>)",
        "<a href='/s/2'>KEEPER OF THE LIGHT SPEAKS OF HIS LIFE</a>",
        "Get the day's news in your inbox: subscribe to the morning newsletter.",
        "<a href='/app'>CLICK HERE TO GET OUR HARBOUR NEWS APP</a>",
        "This slideshow requires JavaScript.",
        "Advertisement",
    ],
)
def test_lines_that_lead_away_go(sign: str) -> None:
    inner = f"{paragraphs(STORY[:3])}<p>{sign}</p>{paragraphs(STORY[3:])}"
    assert lines_of(inner) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "Related to all this is the <a href='/s/2'>lake</a>, which has no harbour at all.",
        "More than a few of them said that the newsletter of the town had told them nothing.",
        "Follow the river down to the sea, said the keeper, and you will see what was lost there.",
        "<a href='/s/2'>The town published the plans in March.</a>",
        "<a href='https://o.example/1'>THE PLANS OF THE HARBOUR, ALL OF THEM</a>",
        "On 4 May 2021 the ferry came back.",
        "Like Twitter before it, the harbour of the town was sold to a man who had never seen it.",
        "Share prices of Facebook fell by a third after the harbour was closed, and rose again.",
        "If you subscribe to the harbour's own channel, your bill is about to rise by a third.",
        "Microsoft retires Internet Explorer, which the harbour office had used for 27 years.",
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    inner = f"{paragraphs(STORY[:3])}<p>{line}</p>{paragraphs(STORY[3:])}"
    assert len(lines_of(inner)) == len(STORY) + 1


def test_a_label_goes_with_the_list_below_it() -> None:
    links = "".join(f"<li><a href='/s/{n}'>Story {n} of the sea</a> [VIDEO]</li>" for n in (1, 2))
    inner = f"{paragraphs(STORY[:3])}<p><b>DON'T MISS</b></p><ul>{links}</ul>"
    assert lines_of(inner + paragraphs(STORY[3:])) == STORY


@pytest.mark.parametrize(
    "end",
    [
        "<ul><li><a href='/s/1'>The lake that was a harbour</a></li>"
        "<li>Why the town <a href='/s/2'>has no beach at all</a></li></ul>",
        "<h2>Comments</h2><p>comments</p>",
        "<p>Share this story</p>",
        "<p><a href='/s/2'>The lighthouse keeper speaks at last about the long night when all of "
        "the boats came home</a></p>",
    ],
)
def test_what_stands_below_a_text_goes(end: str) -> None:
    assert lines_of(paragraphs(STORY) + end) == STORY


@pytest.mark.parametrize(
    "line",
    [
        "segunda-feira, 22 de janeiro de 2018 às 0:13",
        "05/10/2018 - Published by: Ann Lee - Category: Harbours",
        "November 20, 2019 - 11:28 AMT",
    ],
)
def test_a_date_between_headline_and_text_goes(line: str) -> None:
    assert lines_of(f"<p>{line}</p>{paragraphs(STORY)}") == STORY


def test_a_subtitle_with_a_date_is_no_dateline() -> None:
    subtitle = "What 3 May 2021 means for the boats that wait outside"
    assert lines_of(f"<p>{subtitle}</p>{paragraphs(STORY)}") == [subtitle, *STORY]


@pytest.mark.parametrize(
    "box", ["<div class='social-lead'><p>{}</p></div>", "<aside class='lead'><p>{}</p></aside>"]
)
def test_a_standfirst_in_a_box_called_otherwise(box: str) -> None:
    summary = "In spring, says the town, all of the boats may return, and the ferry first of all."
    article = article_of(
        f"<article><h1>The harbour</h1>{box.format(summary)}<div>{paragraphs(STORY)}</div>",
        head_with("The harbour", summary if "aside" in box else "", "\n".join(STORY)),
    )
    assert blocks_text(article.parts).split("\n") == [summary, *STORY]


def test_a_copy_stands_close_or_in_a_row() -> None:
    plan = [line for n in range(3) for line in (f"Day {n}", STORY[0], f"Evening of day {n}")]
    assert lines_of(paragraphs([*plan, *STORY[1:]])) == [*plan, *STORY[1:]]
    assert lines_of(paragraphs([*STORY, *STORY[2:5]])) == STORY


def test_labels_of_a_page_above_its_text_go() -> None:
    for label in ("Hauptinhalt", "Lesezeit: 4 Minuten", "By Ann Lee - 2019-04-10", "5 min read"):
        article = article_of("<main></main>", head_with("Harbour", "", "\n".join([label, *STORY])))
        assert blocks_text(article.parts).split("\n") == STORY


def test_an_extractor_sees_no_copies_that_are_not_shown() -> None:
    hidden = f"<div style='display:none;'><div itemprop='text'>{' '.join(STORY[:2])}</div></div>"
    waiting = "<figure style='display: none'><img src='/p/late.jpg'></figure>"
    source = f"<html><body><h1>The harbour</h1>{paragraphs(STORY)}{hidden}{waiting}</body></html>"
    page = read_page(source.encode(), URL, "text/html")
    drop_foreign(page, "The harbour")
    assert page.root.xpath("string()") == "The harbour" + "".join(STORY)
    assert page.root.xpath("count(//img)") == 1


def test_the_account_counts_what_leads_away() -> None:
    sign = "<p>Read more: <a href='/s/2'>The lighthouse keeper speaks</a></p>"
    body = f"<h1>The harbour</h1>{paragraphs(STORY[:3])}{sign}{paragraphs(STORY[3:])}"
    source = f"<html><body><article>{body}</article></body></html>"
    account = page_account(source.encode(), URL, "text/html")
    assert "left out, leads to other stories: 6 words" in account


def test_a_first_paragraph_that_is_a_caption_too_stays() -> None:
    figure = f"<figure><img src='/p/a.jpg' width='700'><figcaption>{STORY[0]}</figcaption></figure>"
    assert lines_of(figure + paragraphs(STORY)) == STORY


def test_a_picture_that_asks_to_subscribe_goes() -> None:
    words = "Need more of the sea? Subscribe to our sister title for the latest news of harbours."
    figure = f"<figure><img src='/p/m.jpg'><figcaption>{words}</figcaption></figure>"
    article = article_of(f"<article><h1>The harbour</h1>{paragraphs(STORY)}{figure}</article>")
    assert article.figures == ()


def test_text_that_was_escaped_twice_is_read() -> None:
    text = "\n".join(STORY).replace("Line", "&amp;quot;Line&amp;quot;")
    article = article_of("<main></main>", head_with("The harbour", "", text))
    assert blocks_text(article.parts).startswith('"Line" 0 of this report')


@pytest.mark.parametrize(
    ("names", "stays"), [("email-sent hide", False), ("d-none", False), ("hidden md:block", True)]
)
def test_a_box_that_its_class_hides_goes(names: str, stays: bool) -> None:
    box = f"<div class='{names}'><p>Thank you, this story has been sent to your friends.</p></div>"
    inner = f"{paragraphs(STORY[:3])}{box}{paragraphs(STORY[3:])}"
    assert (len(lines_of(inner)) > len(STORY)) == stays


def test_the_logo_of_the_site_is_no_photo() -> None:
    logo = "<img src='/res/site-print.png' width='300' alt='Logo des Senders'>"
    article = article_of(f"<article><h1>The harbour</h1>{logo}{paragraphs(STORY)}{logo}</article>")
    assert article.figures == ()
