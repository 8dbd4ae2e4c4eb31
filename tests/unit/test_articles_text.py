"""The words of an article: whole, and without what is not of it."""

from radiotui.articles.article import read_article
from radiotui.documents.model import blocks_text

URL = "https://www.site.example/stories/one"

STORY = [
    f"Sentence {number} of this account was written by hand about the {thing} of the old mill, "
    "and it goes on for long enough that nobody takes it for a button or a caption."
    for number, thing in enumerate(
        ("wheel", "sluice", "roof", "miller", "flour", "mice", "door", "beams", "pond", "fire")
    )
]


def text_of(body: str, head: str = "<title>The mill</title>", url: str = URL) -> str:
    source = f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return blocks_text(read_article(source.encode(), url, "text/html; charset=utf-8").parts)


def paragraphs(template: str = "<p>{}</p>") -> str:
    return "".join(template.format(text) for text in STORY)


def test_a_class_that_all_paragraphs_have_means_nothing() -> None:
    for name in ("paywall", "sponsored", "related"):
        inner = f"<p>{STORY[0]}</p>" + "".join(f'<p class="{name}">{t}</p>' for t in STORY[1:])
        text = text_of(f"<article><h1>The mill</h1>{inner}<p class='{name}'>He left.</p></article>")
        assert text.split("\n") == [*STORY, "He left."]


def test_a_modifier_on_every_section_means_nothing() -> None:
    inner = "".join(
        f'<section class="Test__Part Test__Part--Ads"><h2>Part {n}</h2><p>{text}</p></section>'
        for n, text in enumerate(STORY)
    )
    text = text_of(f"<article><h1>The mill</h1>{inner}</article>")
    assert text.split("\n") == [
        line for n, words in enumerate(STORY) for line in (f"Part {n}", words)
    ]


def test_ids_that_chance_made_mean_nothing() -> None:
    ids = ("a4ad", "ad07", "0ad0", "x-9ad", "block-q7AdKeZ", "ads3", "0c1e-ad-44", "kAdQz", "ad")
    inner = f"<p>{STORY[0]}</p>"
    inner += "".join(
        f'<p id="{id_}" class="mn bAdQ dg">{text}</p>'
        for id_, text in zip(ids, STORY[1:], strict=True)
    )
    text = text_of(f"<article><h1>The mill</h1>{inner}</article>")
    assert text.split("\n") == STORY


def test_ids_and_classes_made_of_headings_mean_nothing() -> None:
    text = text_of(
        f"""<article><h1>The mill</h1><p>{STORY[0]}</p>
        <h2 id="social-life-of-mice">Social life of mice</h2><p>{STORY[1]}</p>
        <section id="related-mills"><h2>Related mills</h2><p>{STORY[2]}</p></section>
        <div class="section" id="newsletter-of-1890"><h3>Newsletter of 1890</h3>
        <p>{STORY[3]}</p></div>
        <p id="popular-flour">{STORY[4]}</p><p class="donation-for-the-roof">{STORY[5]}</p>
        <p>{STORY[6]}</p></article>"""
    )
    assert text.split("\n") == [
        STORY[0],
        *("Social life of mice", STORY[1]),
        *("Related mills", STORY[2]),
        *("Newsletter of 1890", STORY[3]),
        *STORY[4:7],
    ]


def test_what_bears_such_a_name_rightly_goes() -> None:
    text = text_of(
        f"""<article><h1>The mill</h1><p>{STORY[0]}</p>
        <div class="ad-slot">Advertisement</div><p class="share">Share this</p>
        <p>{STORY[1]}</p>
        <div class="related"><h3><a href="/b">Bridge of the town is painted red</a></h3>
        <p>Workers were seen on Tuesday at the bridge with forty pots of paint and a dog.</p></div>
        <p>{STORY[2]}</p>
        <div class="newsletter"><p>Get the best of our stories into your inbox, every week, by
        signing up to this newsletter of ours.</p><form><input name="mail"></form></div>
        <p>{STORY[3]}</p></article>"""
    )
    assert text.split("\n") == STORY[:4]
