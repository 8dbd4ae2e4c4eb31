"""Finding on a page the text that is known from elsewhere, with its links and pictures.

What a page says to machines, and what an extractor makes of it, has the words
and little else. The page itself has quotations, links and figures: so where the
words stand there, they are taken from there.
"""

from __future__ import annotations

from radiotui.articles.boilerplate import is_all_links, is_card
from radiotui.articles.figures import is_figure
from radiotui.articles.prose import bare, lines
from radiotui.documents.html_tree import BLOCKS, Element, drop, elements
from radiotui.text import count_words

_MOST_BLOCKS = 6000
_ENOUGH = 0.8
_LEAST_PROSE = 12
_PARAGRAPHS = {"p", "blockquote", "li", "pre", "dd"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_ASIDE = {"aside", "nav", "form", "footer", "dialog", "figure", "a", "button"}
_PROSE = {"p", "blockquote", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table"}


def locate(root: Element, text: str) -> Element | None:
    """The element that holds a known text, with the rest taken out of it.

    None where the page does not have it, and then nothing is changed.
    """
    bare_text = bare(text)
    if not bare_text:
        return None
    blocks = _blocks(root)
    bare_words = {block: bare(block.xpath("string()")) for block in blocks}
    matched = [block for block in blocks if bare_words[block] and bare_words[block] in bare_text]
    # Short lines are everywhere: they count only beside long ones.
    sure = [block for block in matched if len(bare_words[block]) >= min(20, len(bare_text))]
    container = _container(root, sure, bare_words)
    if container is None:
        return None
    within = {*container.iter()}
    covered = sum(map(len, {bare_words[block] for block in sure if block in within}))
    if covered < _ENOUGH * len(bare_text):
        return None
    _keep(container, [b for b in blocks if b in within], {*matched} & within, {*sure} & within)
    _drop_loose_words(container, bare_text)
    return container


def _blocks(root: Element) -> list[Element]:
    """The innermost lines of text, but for those of figures."""
    holding: set[Element] = set()
    leaves_in_order: list[Element] = []
    for node in elements(root):
        if node.tag in BLOCKS:
            for above in node.iterancestors():
                if above in holding:
                    break
                holding.add(above)
            leaves_in_order.append(node)
    leaves = (node for node in leaves_in_order if node not in holding)
    visible = [n for n in leaves if not any(is_figure(above) for above in (n, *n.iterancestors()))]
    return visible[:_MOST_BLOCKS]


def _container(
    root: Element, sure: list[Element], bare_words: dict[Element, str]
) -> Element | None:
    """The innermost element with nearly all of what was found."""
    if not sure:
        return None
    texts: dict[Element, set[str]] = {}
    for block in sure:
        for above in block.iterancestors():
            texts.setdefault(above, set()).add(bare_words[block])
    sizes = {node: sum(map(len, parts)) for node, parts in texts.items()}
    place = root
    while True:
        inner = max(
            (child for child in place if child in sizes), key=lambda c: sizes[c], default=None
        )
        if inner is None or sizes[inner] < 0.9 * sizes[root]:
            return place
        place = inner


def _keep(
    container: Element, blocks: list[Element], matched: set[Element], sure: set[Element]
) -> None:
    """Take out the lines that are not of the text, and stand in nothing that is."""
    beside = {block.getparent() for block in sure}
    first = next(number for number, block in enumerate(blocks) if block in sure)
    last = max(number for number, block in enumerate(blocks) if block in sure)
    begin = first - _headings_before(blocks, first, matched)
    waiting: list[Element] = []
    for number, block in enumerate(blocks):
        if number >= begin and block in matched:
            waiting.clear()
            continue
        if number > first and _is_neighbour(block, container, beside):
            continue
        # An extractor leaves out sections by their names: where the text goes on below, they are
        # of it.
        if first < number < last and _is_of_the_text(block, container):
            waiting.clear()
            continue
        if first < number < last and block.tag in _HEADINGS:
            waiting.append(block)
            continue
        _drop_all([*waiting, block])
        waiting.clear()
    _drop_all(waiting)


def _headings_before(blocks: list[Element], first: int, matched: set[Element]) -> int:
    """Count the headings of the text right before its first line."""
    before = blocks[first - 1] if first else None
    return int(before is not None and before in matched and before.tag in _HEADINGS - {"h1"})


def _is_neighbour(block: Element, container: Element, beside: set[Element]) -> bool:
    """Test for what an extractor leaves out beside its lines: headings, lists, last lines."""
    top = block
    while top is not container and top.getparent() not in beside:
        top = top.getparent()
    prose = top.tag in _PROSE or _is_picture(top)
    return top is not container and prose and not is_all_links(top)


def _is_of_the_text(block: Element, container: Element) -> bool:
    """Test for a paragraph in a section of its own, which is no aside and no card."""
    if block.tag not in _PARAGRAPHS:
        return False
    for above in (block, *block.iterancestors()):
        if above is container:
            break
        if above.tag in _ASIDE or is_card(above):
            return False
    text = list(lines(block))
    words = sum(count_words(line.text) for line in text if line.is_prose)
    linked = sum(line.linked for line in text)
    return words >= _LEAST_PROSE and linked * 4 < sum(len(line.text) for line in text)


def _drop_all(blocks: list[Element]) -> None:
    for block in blocks:
        drop(block)


def _is_picture(node: Element) -> bool:
    """Test for an element with a picture and nothing else."""
    return not bare(node.xpath("string()")) and bool(node.xpath(".//img[not(ancestor::a)]"))


def _drop_loose_words(container: Element, bare_text: str) -> None:
    """Take out what stands between the lines in no line of its own."""
    holding = {above for node in container.iter(*BLOCKS) for above in node.iterancestors()}
    for node in [element for element in elements(container) if element in holding]:
        if any(is_figure(above) for above in (node, *node.iterancestors())):
            continue
        if bare(node.text or "") not in bare_text:
            node.text = None
        for child in list(node):
            if bare(child.tail or "") not in bare_text:
                child.tail = None
            inline = child.tag not in BLOCKS and child not in holding
            if inline and bare(child.xpath("string()")) not in bare_text:
                drop(child)
