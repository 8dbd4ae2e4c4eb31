"""The whole article from a page's bytes, and how it is written and compared."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.documents.markdown_writer import blocks_to_markdown
from radiotui.documents.model import (
    Article,
    ArticleChanges,
    Block,
    Figure,
    Heading,
    Paragraph,
    Run,
    StoryAudio,
    block_text,
)
from radiotui.documents.runs import link_line, text_to_runs
from radiotui.net.urls import site_of
from radiotui.problems import Problem
from radiotui.text import clock_duration

if TYPE_CHECKING:
    from radiotui.articles.body import ArticleBody
    from radiotui.articles.fullest import Finding
    from radiotui.articles.json_ld import JsonLdFacts
    from radiotui.articles.metadata import Metadata
    from radiotui.documents.html_tree import Element, HtmlPage

_ENOUGH = 0.7
_DESCRIPTIONS = "//meta[@name='description' or @property='og:description']/@content"
_MOST_COMPARED = 1000
_MOST_CHANGES = 100
_MOST_PAIRS = 5000
"""Pairs of equal paragraphs: five for each, were all of them compared."""


def read_article(body: bytes, url: str, content_type: str = "") -> Article:
    """The article on the page that ``url`` answered with.

    In layers: by markup that is known (Grove, npr.org), by what the page says to
    machines (JSON-LD), by an extractor, by HTML's own elements. What one layer
    does not know the next ones complete. Slow: not for the loop.

    Raises Problem for what is not an article to be read: other files than pages,
    pages that want one to agree or to log in first, pages without text.
    """
    from radiotui.articles.audio import story_audio
    from radiotui.articles.figure_markup import mark_figures
    from radiotui.articles.grove import grove
    from radiotui.articles.json_ld import read_json_ld
    from radiotui.articles.login_walls import LoginWall, may_be_wall
    from radiotui.articles.metadata import Metadata, meta_facts
    from radiotui.articles.notes import with_notes
    from radiotui.articles.npr import npr
    from radiotui.documents.html_tree import read_page

    page = read_page(body, url, content_type)
    mark_figures(page)
    json_ld = read_json_ld(page)
    layer = grove(page) or npr(page)
    own = layer.facts if layer else Metadata(audio=None)
    facts = _all_facts(page, replace(own, audio=story_audio(page)), json_ld.facts, meta_facts(page))
    by_markup = _written(page, layer.container, facts) if layer else None
    article = by_markup or _found(page, json_ld, facts)
    if may_be_wall(article):
        # The page was taken apart; few are looked at a second time.
        wall = LoginWall(read_page(body, url, content_type), is_free=json_ld.is_free)
        wall.check(article, of_an_article=by_markup is not None)
    if article is None:
        raise Problem(
            f"{page.name} sent a page without text to read", "open it in the browser", url
        )
    article = with_notes(article, is_cut=page.is_cut, is_free=json_ld.is_free)
    return article if article.site else replace(article, site=site_of(article.url))


def changes(before: Article, after: Article, at: datetime) -> ArticleChanges | None:
    """Differences of ``after`` from ``before``; None where title and text say the same."""
    old, new = (list(islice(article.text, _MOST_COMPARED)) for article in (before, after))
    old_said, new_said = ([_said(block_text(block)) for block in text] for text in (old, new))
    added: list[Block] = []
    removed: list[Block] = []
    for kind, old_begin, old_end, new_begin, new_end in _differences(old_said, new_said):
        if kind != "equal":
            removed += old[old_begin:old_end]
            added += new[new_begin:new_end]
    same_title = _said(before.title) == _said(after.title)
    if same_title and not added and not removed:
        return None
    title = "" if same_title else before.title
    return ArticleChanges(at, title, tuple(added[:_MOST_CHANGES]), tuple(removed[:_MOST_CHANGES]))


def _differences(old: list[str], new: list[str]) -> Iterable[tuple[str, int, int, int, int]]:
    """Steps from one text to the other, as difflib has them.

    Between paragraphs that are all alike it would look for hours: there, those that the other
    text has as often are the same, wherever they stand.
    """
    again = Counter(new)
    if sum(again[line] for line in old) <= _MOST_PAIRS:
        return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    before = Counter(old)
    steps = [("delete", number, number + 1, 0, 0) for number in _surplus(old, again)]
    return steps + [("insert", 0, 0, number, number + 1) for number in _surplus(new, before)]


def _surplus(lines: list[str], others: Counter[str]) -> Iterator[int]:
    """Numbers of the lines that the others have not, or not as often."""
    unmatched = others.copy()
    for number, line in enumerate(lines):
        if unmatched[line]:
            unmatched[line] -= 1
        else:
            yield number


def article_to_markdown(article: Article, zone: tzinfo | None = None) -> str:
    """The whole article as one Markdown document; pictures and sound are links.

    Dates are those of ``zone``, the computer's where it is None.
    """
    blocks: list[Block] = [Heading(1, text_to_runs(article.title)), _head(article, zone)]
    if article.audio:
        blocks.append(_listen(article.audio))
    if article.video:
        blocks.append(link_line("Video", article.video))
    if article.lead:
        blocks.append(article.lead)
    blocks += [*article.parts, *article.note, Paragraph(text_to_runs(article.copyright))]
    return blocks_to_markdown(blocks) + "\n"


def _all_facts(page: HtmlPage, own: Metadata, data: Metadata, tags: Metadata) -> Metadata:
    """Metadata of the layers; the title and the names are compared with one another."""
    from radiotui.articles.bylines import without_site
    from radiotui.articles.dates import day_on_page
    from radiotui.articles.prose import bare
    from radiotui.articles.titles import best_title

    facts = own.completed(data).completed(tags)
    title = own.title or best_title((data.title, tags.title), page, facts.site)
    byline = facts.byline
    if not own.byline and tags.byline and bare(byline) in {bare(facts.site), bare(page.name)}:
        # A site's data often name the site as the author of everything.
        byline = tags.byline
    byline = without_site(byline, (facts.site, page.name))
    return replace(
        facts, title=title, byline=byline, published=facts.published or day_on_page(page)
    )


def _found(page: HtmlPage, json_ld: JsonLdFacts, facts: Metadata) -> Article | None:
    """The article by the fullest of the layers that know no markup."""
    from radiotui.articles.fallback import by_its_element, by_its_prose
    from radiotui.articles.foreign import drop_foreign
    from radiotui.articles.fullest import fullest, teaser

    drop_foreign(page, facts.title)
    texts = (json_ld.description, *page.root.xpath(_DESCRIPTIONS)[:3])
    article = _placed(page, fullest(page, json_ld), texts, facts)
    for layer in (by_its_element, by_its_prose):
        article = article or _written(page, layer(page), facts)
    return article or _placed(page, teaser(json_ld), texts, facts)


def _placed(
    page: HtmlPage, finding: Finding | None, descriptions: Sequence[str], facts: Metadata
) -> Article | None:
    """The article from where its text stands on the page, else from the text itself."""
    from radiotui.articles.account import note_text
    from radiotui.articles.locate import locate, with_standfirst

    if finding is None:
        return None
    container = locate(page.root, finding.text, descriptions)
    note_text(finding.layer, is_placed=container is not None)
    article = _written(page, container, facts)
    if article is None or article.words < _ENOUGH * finding.words:
        # What was taken out of its place as foreign was the text.
        body = with_standfirst(page.root, finding.body, descriptions)
        whole = _written(page, body, facts)
        if article is None or (whole and whole.words > article.words):
            note_text(finding.layer, is_placed=False)
            return whole
    return article


def _written(page: HtmlPage, container: Element | None, facts: Metadata) -> Article | None:
    """The article whose text an element holds; None without words in it."""
    from radiotui.articles.body import body_of
    from radiotui.articles.grove import author_notes
    from radiotui.articles.lead import (
        figures_above,
        film_above,
        picture_with_words,
        with_lead,
        with_slides,
    )

    if container is None:
        return None
    above = figures_above(page, container, facts.picture)
    picture = picture_with_words(page, container, facts.picture)
    notes = author_notes(page, container)
    film = film_above(page, container)
    body = body_of(container, page.base, facts.title, facts.byline, above)
    if not body.has_text:
        return None
    if container.getroottree().getroot() is not page.root.getroottree().getroot():
        body = replace(body, parts=(*body.parts, *above[1:]))
    else:
        body = with_slides(body, above[1:])
    body, lead = with_lead(body, above[0] if above else None, picture)
    return replace(_article(page, facts, body, lead, notes), video=film)


def _article(
    page: HtmlPage, facts: Metadata, body: ArticleBody, lead: Figure | None, notes: list[Block]
) -> Article:
    published, updated = facts.published, facts.updated
    if published and updated and updated - published < timedelta(minutes=1):
        updated = None
    return Article(
        url=facts.url or page.url,
        title=facts.title or page.name,
        parts=body.parts,
        byline=facts.byline,
        published=published,
        updated=updated,
        site=facts.site,
        lead=lead,
        audio=facts.audio,
        copyright=body.copyright,
        note=(*body.note, *notes),
    )


def _said(text: str) -> str:
    """A text without what makes no difference: white space, and the form of quotation marks."""
    return " ".join(text.translate(_QUOTES).split())


_QUOTES = str.maketrans("‘’‚‛“”„‟«»′″–—‐‑", '\'\'\'\'""""""\'"----')


def _head(article: Article, zone: tzinfo | None) -> Paragraph:
    day = article.published.astimezone(zone) if article.published else None
    facts = (article.byline, f"{day.day} {day:%B %Y}" if day else "", article.site)
    return Paragraph(text_to_runs(" · ".join(filter(None, facts))))


def _listen(audio: StoryAudio) -> Paragraph:
    length = f" ({clock_duration(audio.seconds)})" if audio.seconds else ""
    return Paragraph((Run(f"Listen{length}", link=audio.url),))
