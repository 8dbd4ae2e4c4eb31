"""The words of an article: whole, and without what is not of it."""

import html
import json

from radiotui.articles.article import read_article
from radiotui.articles.serialise import page_account
from radiotui.documents.model import Block, CodeBlock, block_text, blocks_text
from radiotui.text import count_words

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


# The standfirst


STANDFIRST = (
    "For two hundred years the mill of Ash turned with the river. Now it turns for those who ask."
)


def test_the_standfirst_above_the_container_is_read() -> None:
    for holder in ('<div class="lead">{}</div>', "<header>{}</header>", "{}"):
        above = holder.format(f"<p>{STANDFIRST}</p>")
        text = text_of(
            f"<main><h1>The mill</h1>{above}<p class='date'>4 May 2024, 10:30</p>"
            f"<div class='text'><div>{paragraphs()}</div></div></main>"
        )
        assert text.split("\n") == [STANDFIRST, *STORY]


def test_the_standfirst_that_the_page_has_and_its_data_not() -> None:
    text = text_of(
        f"""<div class="page"><div class="top"><h1>The mill</h1><h2 class="dek">{STANDFIRST}</h2>
        <div class="byline">By Ann Lee, who has written of mills for this paper since 1990</div>
        </div><div class="columns"><div class="text">{paragraphs()}</div></div></div>""",
        data(articleBody="\n".join(STORY)),
    )
    assert text.split("\n") == [STANDFIRST, *STORY]


def test_what_the_description_says_is_a_standfirst_wherever_it_stands() -> None:
    head = f'<title>The mill</title><meta name="description" content="{STANDFIRST}">'
    text = text_of(
        f"<div class='top'><div class='teaser-text'>{STANDFIRST}</div></div>"
        f"<div class='text'>{paragraphs()}</div>",
        head,
    )
    assert text.split("\n") == [STANDFIRST, *STORY]


def test_columns_with_adverts_between_them_are_one_text() -> None:
    columns = "".join(
        f'<div class="column">{"".join(f"<p>{text}</p>" for text in STORY[start : start + 2])}'
        '</div><div class="slot"><a href="/x">Buy a mill of your own today</a></div>'
        for start in range(0, len(STORY), 2)
    )
    text = text_of(f"<h1>The mill</h1><div class='grid'>{columns}</div>")
    assert text.split("\n") == STORY


# What a page tells machines


def data(**values: object) -> str:
    node = {"@type": "NewsArticle", "headline": "The mill", **values}
    script = json.dumps(node).replace("</", "<\\/")
    return f'<title>The mill</title><script type="application/ld+json">{script}</script>'


def test_data_cut_in_the_middle_give_way_to_the_page() -> None:
    cut = " ".join(STORY)[:530]
    text = text_of(f"<article><h1>The mill</h1>{paragraphs()}</article>", data(articleBody=cut))
    assert text.split("\n") == STORY


def test_data_that_end_early_give_way_to_the_page() -> None:
    early = " ".join(STORY[:3])
    text = text_of(f"<article><h1>The mill</h1>{paragraphs()}</article>", data(articleBody=early))
    assert text.split("\n") == STORY


def test_tags_that_were_escaped_are_tags() -> None:
    source = "".join(f"<p>{text} <em>So they say.</em></p>" for text in STORY)
    text = text_of("<h1>The mill</h1>", data(articleBody=html.escape(source)))
    assert text.split("\n") == [f"{text} So they say." for text in STORY]


def test_paragraphs_whose_ends_were_lost_are_found_again() -> None:
    text = text_of("<h1>The mill</h1>", data(articleBody="".join(STORY)))
    assert text.split("\n") == STORY


def test_a_wall_of_text_is_cut_into_paragraphs() -> None:
    text = text_of("<h1>The mill</h1>", data(articleBody=" ".join(STORY * 2)))
    lines = text.split("\n")
    assert len(lines) > 5
    assert " ".join(lines) == " ".join(STORY * 2)


def test_a_wall_of_text_has_its_paragraphs_on_the_page() -> None:
    told = " ".join(STORY)
    text = text_of(f"<article><h1>The mill</h1>{paragraphs()}</article>", data(articleBody=told))
    assert text.split("\n") == STORY


def test_marks_of_editors_are_left_out() -> None:
    told = "+++dropcap\n" + "\n".join(STORY) + "\n+++\n[#image: /photos/5d]\n"
    assert text_of("<h1>The mill</h1>", data(articleBody=told)).split("\n") == STORY


# What is not of the story


OTHER = [
    f"Item {number} is of quite another place, where a bridge of {metal} was painted in a colour "
    "that the council had not agreed to, and where everybody has an opinion of it."
    for number, metal in enumerate(("iron", "steel", "brass", "tin", "lead", "zinc", "copper"))
]


def test_the_article_with_the_headline_is_the_story() -> None:
    other = "".join(f"<p>{text}</p>" for text in OTHER)
    text = text_of(
        f"<main><article><h1>The mill</h1>{''.join(f'<p>{t}</p>' for t in STORY[:3])}</article>"
        f"<article><h2>The bridge of the other town</h2>{other}</article></main>"
    )
    assert text.split("\n") == STORY[:3]


def test_a_promoted_story_is_not_the_story() -> None:
    other = "".join(f"<p>{text}</p>" for text in OTHER)
    text = text_of(
        f"<article><h1>The mill</h1>{''.join(f'<p>{t}</p>' for t in STORY[:3])}"
        f'<div class="promo"><h3><a href="/bridge">The bridge</a></h3>{other}</div></article>'
    )
    assert text.split("\n") == STORY[:3]


def test_what_asks_for_consent_is_not_the_story() -> None:
    box = (
        '<div class="gdpr-modal"><p>We use cookies and other data to keep this site running, and '
        "to measure what you read of it. You can say no, and read on all the same.</p>"
        "<button>Accept</button></div>"
    )
    for story in (f"<article><h1>The mill</h1>{paragraphs()}</article>", f"<aside>{paragraphs()}"):
        assert text_of(box + story).split("\n") == STORY


def test_a_story_of_cookies_is_a_story() -> None:
    told = [text.replace("mill", "cookie").replace("written", "baked") for text in STORY[:3]]
    inner = "".join(f"<p>{text}</p>" for text in told)
    body = f"<h1>The mill</h1><div class='cookie-story'>{inner}</div>"
    assert text_of(body).split("\n") == told


def test_a_copy_of_a_paragraph_is_left_out() -> None:
    copies = "".join(f'<div><p>{text}</p><p class="more">{text}</p></div>' for text in STORY)
    assert text_of(f"<article><h1>The mill</h1>{copies}</article>").split("\n") == STORY


def test_topics_and_links_at_the_end_are_left_out() -> None:
    text = text_of(
        f"""<article><h1>The mill</h1>{paragraphs()}<h2>Related topics</h2>
        <ul><li><a href="/t/1">Mills</a></li><li><a href="/t/2">The river</a></li></ul>
        <p>Our rules: <a href="/rules">how we write of mills and rivers</a></p></article>"""
    )
    assert text.split("\n") == STORY


def test_links_that_skip_an_insert_are_left_out() -> None:
    text = text_of(
        f"""<article><h1>The mill</h1><p>{STORY[0]}</p>
        <p><a href="#after-it">skip past the letter box</a></p>
        <p id="after-it">after the box</p><p>{STORY[1]}</p><p>{STORY[2]}</p></article>"""
    )
    assert text.split("\n") == STORY[:3]


# Pages that can be read


LOGIN = '<header><a href="/">Home</a> <a href="/login">Login</a></header>'


def test_text_in_boxes_and_short_lines_is_read() -> None:
    lines = "<br><br>".join(STORY[:4])
    text = text_of(
        f"{LOGIN}<div><h1>The mill</h1><div class='text'>{lines}<div class='x'></div>So it was."
        "<br>Nobody knows why.</div></div>"
    )
    assert text.split("\n") == [*STORY[:4], "So it was.", "Nobody knows why."]


def test_a_password_in_a_menu_is_no_wall() -> None:
    menu = (
        '<div class="dropdown-menu"><form><input name="u"><input type="password" name="p">'
        "<button>Log in</button></form></div>"
    )
    story = f"<article><h1>The mill</h1><p>{STORY[0]}</p></article>"
    text = text_of(f"{menu}{LOGIN}{story}")
    assert text == STORY[0]


JAPANESE = [
    f"{number}日の午後、古い水車小屋で火事があった。町の消防によると、けが人はいない。"
    "水車は二百年前に建てられ、去年まで小麦をひいていた。町長は建て直すと話している。"
    for number in range(3, 9)
]


def test_words_are_counted_where_no_spaces_are_written() -> None:
    story = "".join(f"<p>{text}</p>" for text in JAPANESE)
    text = text_of(f"<article><h1>水車</h1>{story}</article>", data(isAccessibleForFree=False))
    assert text.split("\n") == JAPANESE
    assert count_words(text) > 150
    assert count_words("one two — three") == 3
    assert count_words("สวัสดีครับทุกคน") > 1


def test_a_post_that_a_script_holds_is_read() -> None:
    held = "".join(f"<p>{text}</p>" for text in STORY)
    text = text_of(
        f"<div class='post'><h1>The mill</h1><script type='text/template'>{held}</script></div>"
        "<script type='text/x-template'><p>Hello {{ reader.name }}, " + STORY[0] + "</p></script>"
    )
    assert text.split("\n") == STORY


# Code and long pages


def blocks_of(body: str) -> tuple[Block, ...]:
    source = f"<html><head><title>The mill</title></head><body>{body}</body></html>"
    return read_article(source.encode(), URL, "text/html; charset=utf-8").parts


def code_of(inner: str) -> list[str]:
    story = "".join(f"<p>{text}</p>" for text in STORY[:3])
    blocks = blocks_of(f"<article><h1>The mill</h1>{story}{inner}<p>{STORY[3]}</p></article>")
    assert blocks_text(blocks).startswith("\n".join(STORY[:3]))
    return [block.text for block in blocks if isinstance(block, CodeBlock)]


def test_code_keeps_its_lines_and_indents() -> None:
    marked = (
        "<pre><code><span class='k'>def</span> turn(wheel):\n"
        "    <span class='k'>if</span> wheel.wet:\n\n"
        "        <span class='k'>return</span> <span class='s'>'round  and round'</span>\n"
        "<span class='k'>else</span>:\n\tstop()\n</code></pre>"
    )
    expected = (
        "def turn(wheel):\n    if wheel.wet:\n\n        return 'round  and round'\n"
        "else:\n    stop()"
    )
    assert code_of(marked) == [expected]
    assert code_of(f"<div class='highlight'>{marked}</div>") == [expected]


def test_numbers_of_lines_are_no_code() -> None:
    numbered = "<pre>" + "".join(
        f"<span class='ln'>{number}</span>{line}\n"
        for number, line in enumerate(("wheel = 4", "for _ in wheel:", "    turn()"), 9)
    )
    assert code_of(f"{numbered}</pre>") == ["wheel = 4\nfor _ in wheel:\n    turn()"]
    table = (
        "<table><tr><td><pre>1\n2\n</pre></td><td><pre><code>wheel = 4\nturn()\n</code></pre></td>"
        "</tr><tr><td></td><td></td></tr></table>"
    )
    assert code_of(table) == ["wheel = 4\nturn()"]
    assert code_of("<pre>1. wheel\n2. sluice</pre>") == ["1. wheel\n2. sluice"]


def test_a_page_too_long_is_cut_between_blocks_and_says_so() -> None:
    for count, path in ((2000, "n"), (1000, "n" * 1900)):
        long = "".join(
            f'<p><a href="/{path}/{n}">Note {n}</a> {STORY[n % 10]} {n}</p>' for n in range(count)
        )
        blocks = blocks_of(f"<article><h1>The mill</h1>{long}</article>")
        *whole, last = map(block_text, blocks)
        assert 700 < len(whole) < count
        assert all(text == f"Note {n} {STORY[n % 10]} {n}" for n, text in enumerate(whole))
        assert last == "The rest is left out here: it is too long."


def test_a_link_that_begins_with_a_number_is_found() -> None:
    text = text_of(
        f"<article><h1>The mill</h1>{paragraphs()}"
        "<p>He plays in the <a href='/l'>2. league</a> of the river now.</p></article>"
    )
    assert "the 2. league of the river" in text


# The account


def test_the_account_counts_layers_and_what_was_left_out() -> None:
    body = f"""<html><head>{data(articleBody=STORY[0] + " " + STORY[1])}</head><body>
    <div class="cookie-box"><p>Our site has cookies to count readers.</p></div>
    <article><h1>The mill</h1>{paragraphs()}<p hidden>One two three</p></article></body></html>"""
    lines = page_account(body.encode(), URL, "text/html")
    words = count_words(" ".join(STORY))
    assert f"the page's data: {count_words(' '.join(STORY[:2]))} words" in lines
    assert any(line.startswith("the extractor: 3") for line in lines)
    assert "text taken from the extractor, where it stands on the page" in lines
    assert "left out, consent to cookies: 7 words" in lines
    assert lines[-1] == f"article: {words} words, 0 pictures"
