"""Finding on a page the text that is known from elsewhere, with its links and pictures.

What a page says to machines, and what an extractor makes of it, has the words
and little else. The page itself has quotations, links and figures: so where the
words stand there, they are taken from there. The page also has what those left
out: the standfirst above the text, and paragraphs that stand in the same way as
those of the text.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence

from radiotui.articles.account import leave_out
from radiotui.articles.block_tree import block_tree
from radiotui.articles.boilerplate import is_all_links, is_card, is_foreign
from radiotui.articles.loose_text import wrap_loose_text
from radiotui.articles.prose import bare, lines
from radiotui.articles.standfirst import standfirst
from radiotui.documents.html_tree import BLOCKS, Element, class_words, text_of
from radiotui.text import count_words

_MOST_BLOCKS = 6000
_ENOUGH = 0.8
_LEAST_PROSE = 12
_SHORTEST_SURE = 20
"""Letters below which a line is everywhere."""
_NOT_OF_IT = "lines beside the text"
_LONG_LINE = 40
_PARAGRAPHS = {"p", "blockquote", "li", "pre", "dd"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_ASIDE = {"aside", "nav", "form", "footer", "dialog", "figure", "a", "button"}
_ASIDE_WORDS = {"caption", "bio", "author", "byline", "credit", "comment", "comments"}
_PROSE = {"p", "blockquote", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table"}
_MOVED = {"p", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"}

Shape = tuple[str, str, str]


def locate(root: Element, text: str, descriptions: Sequence[str] = ()) -> Element | None:
    """The element that holds a known text, with the rest taken out of it.

    ``descriptions`` of the story help to know its standfirst. None where the page does
    not have the text, and then nothing is changed.
    """
    wrap_loose_text(root)
    place = _Place(root, text)
    if place.container is None or place.covered() < _ENOUGH:
        return None
    place.add_kin()
    above = place.above(descriptions)
    below = place.below()
    place.keep()
    inside = bare(text_of(place.container))
    above, below = (
        [line for line in moved if bare(text_of(line)) not in inside] for moved in (above, below)
    )
    _move(place.container, above, below)
    return place.container


def with_standfirst(root: Element, body: Element, descriptions: Sequence[str]) -> Element:
    """A text of its own, below the standfirst that its page has."""
    bare_text = bare(text_of(body))
    blocks = _blocks(root)
    bare_words = [bare(text_of(block)) for block in blocks]
    first = next(
        (n for n, b in enumerate(bare_words) if len(b) >= _SHORTEST_SURE and b in bare_text),
        len(blocks),
    )
    above = standfirst(blocks, first, bare_text, descriptions)
    holder = next(iter(body.iter("body")), body)
    _move(holder, [copy.deepcopy(block) for block in above], [])
    return body


class _Place:
    """The place of a text on a page."""

    def __init__(self, root: Element, text: str) -> None:
        self._root = root
        self.bare_text = bare(text)
        self._foreign: dict[Element, bool] = {}
        self._blocks = _blocks(root)
        self._numbers = {block: number for number, block in enumerate(self._blocks)}
        self._bare = {block: bare(text_of(block)) for block in self._blocks}
        self._matched = [
            b for b in self._blocks if self._bare[b] and self._bare[b] in self.bare_text
        ]
        self._match_longer_lines(text)
        # Short lines are everywhere: they count only beside long ones.
        shortest = min(_SHORTEST_SURE, len(self.bare_text))
        self._sure = [block for block in self._matched if len(self._bare[block]) >= shortest]
        self.container: Element = (
            _container(root, self._sure, self._bare) if self.bare_text else None
        )

    def covered(self) -> float:
        """Share of the text that stands in sure lines."""
        whole = sum(map(len, {self._bare[block] for block in self._sure}))
        return whole / len(self.bare_text)

    def add_kin(self) -> None:
        """Count paragraphs that stand in the same way as those of the text: siblings of columns."""
        container = self.container
        article = next(container.iterancestors("article"), None)
        scope = article if article is not None else self._root
        within = {*container.iter()}
        shapes = {_shape(block) for block in self._sure if block in within} - {None}
        if container.tag == "article" or not shapes:
            return
        inside = bare(text_of(container))
        headlines = 0
        kin = []
        for block in self._blocks:
            headlines += block.tag == "h1" and block not in within
            if (
                block not in within
                and headlines <= 1
                and _shape(block) in shapes
                and next(block.iterancestors("article"), None) is article
                and self._bare[block] not in inside
                and self._is_of_the_text(block, scope)
            ):
                kin.append(block)
        if kin:
            known = {*self._matched}
            added = {block for block in kin if block not in known}
            matched, sure = added | known, added | {*self._sure}
            self._matched = [block for block in self._blocks if block in matched]
            self._sure = [block for block in self._blocks if block in sure]
            self.container = _around(container, kin)

    def above(self, descriptions: Sequence[str]) -> list[Element]:
        """Copies of the lines of the text that stand before its container, and its standfirst."""
        within = {*self.container.iter()}
        inside = [self._numbers[block] for block in self._sure if block in within]
        first = next((n for n in inside if self._blocks[n].tag != "h1"), inside[0])
        lines_above = {*standfirst(self._blocks, first, self.bare_text, descriptions)}
        lines_above |= {b for b in self._strays(within) if self._numbers[b] < first}
        return [copy.deepcopy(block) for block in self._blocks[:first] if block in lines_above]

    def below(self) -> list[Element]:
        """Copies of the lines of the text that stand behind its container."""
        within = {*self.container.iter()}
        last = max(n for n, block in enumerate(self._blocks) if block in within)
        strays = (block for block in self._strays(within) if self._numbers[block] > last)
        return [copy.deepcopy(block) for block in strays]

    def keep(self) -> None:
        """Take out the lines that are not of the text, and stand in nothing that is."""
        within = {*self.container.iter()}
        blocks = [block for block in self._blocks if block in within]
        matched, sure = {*self._matched}, {*self._sure}
        beside = {block.getparent() for block in sure if block in within}
        numbers = [number for number, block in enumerate(blocks) if block in sure]
        first, last = numbers[0], numbers[-1]
        begin = first - _headings_before(blocks, first, matched)
        whole = _tables_of(matched)
        waiting: list[Element] = []
        for number, block in enumerate(blocks):
            middle = first < number < last
            if (number >= begin and block in matched) or (
                number > first and _is_neighbour(block, self.container, beside)
            ):
                # A heading that nothing follows.
                _drop_all(waiting)
            elif middle and self._is_of_the_text(block, self.container):
                # An extractor leaves out sections by their names.
                waiting.clear()
            elif middle and block.tag in _HEADINGS:
                waiting.append(block)
                continue
            elif whole.isdisjoint(block.iterancestors("table", "blockquote")):
                leave_out(block, _NOT_OF_IT)
                continue
            # Below words that are quoted stands who said them.
            whole.update(block.iterancestors("blockquote"))
        _drop_all(waiting)

    def _is_of_the_text(self, block: Element, container: Element) -> bool:
        """Test for a paragraph of prose, or code, that is in no aside and no card."""
        if block.tag not in _PARAGRAPHS:
            return False
        text = list(lines(block))
        words = sum(
            count_words(line.text) for line in text if line.is_prose and not line.is_self_talk
        )
        linked = sum(line.linked for line in text)
        if block.tag == "pre" and not linked:
            words = _LEAST_PROSE
        if words < _LEAST_PROSE or linked * 4 >= sum(len(line.text) for line in text):
            return False
        for above in (block, *block.iterancestors()):
            if above is container:
                break
            if self._is_foreign(above):
                return False
        return True

    def _is_foreign(self, element: Element) -> bool:
        if element not in self._foreign:
            self._foreign[element] = (
                element.tag in _ASIDE
                or bool(class_words(element) & _ASIDE_WORDS)
                or is_foreign(element)
                or is_card(element)
            )
        return self._foreign[element]

    def _match_longer_lines(self, text: str) -> None:
        """Count blocks that hold a line of the text and a few words besides."""
        joined = "".join(self._bare[block] for block in self._matched)
        uncovered = [line for line in map(bare, text.split("\n")) if len(line) >= _LONG_LINE]
        uncovered = [line for line in uncovered if line not in joined][:50]
        if not uncovered:
            return
        matched = {*self._matched}
        longer = {
            block
            for block in self._blocks
            if block not in matched
            and len(self._bare[block]) >= _LONG_LINE
            and any(
                line in self._bare[block] and len(line) * 3 >= len(self._bare[block]) * 2
                for line in uncovered
            )
        }
        self._matched = [b for b in self._blocks if b in matched or b in longer]

    def _strays(self, within: set[Element]) -> list[Element]:
        return [block for block in self._sure if block not in within and block.tag != "h1"]


def _blocks(root: Element) -> list[Element]:
    """The innermost lines of text, but for those of figures."""
    tree = block_tree(root)
    leaves = (
        node
        for node in tree.nodes
        if node.tag in BLOCKS and node not in tree.holding and node not in tree.figures
    )
    return list(leaves)[:_MOST_BLOCKS]


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


def _shape(block: Element) -> Shape | None:
    """Tag of a paragraph, with the names of the elements around it; None without names."""
    parent = block.getparent()
    names = "" if parent is None else " ".join((parent.get("class") or "").split())
    return (block.tag, parent.tag, names) if names else None


def _tables_of(cells: Iterable[Element]) -> set[Element]:
    """The tables of which a cell is of the text; not those that lay out a page."""
    tables = {table for cell in cells for table in cell.iterancestors("table")}
    return {
        table
        for table in tables
        if not table.xpath(".//table|.//p|.//div") and not is_all_links(table)
    }


def _around(container: Element, blocks: Iterable[Element]) -> Element:
    """The innermost element around a container and lines beside it."""
    paths = [{*block.iterancestors()} for block in blocks]
    return next(
        above
        for above in (container, *container.iterancestors())
        if all(above in path for path in paths)
    )


def _move(container: Element, above: list[Element], below: list[Element]) -> None:
    """Put lines from beside a container into it."""
    for line in (*above, *below):
        line.tail = None
        line.attrib.clear()
        if line.tag not in _MOVED:
            line.tag = "p"
    for line in reversed(above):
        line.tail, container.text = container.text, None
        container.insert(0, line)
    for line in below:
        container.append(line)


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


def _drop_all(blocks: list[Element]) -> None:
    for block in blocks:
        leave_out(block, _NOT_OF_IT)
    blocks.clear()


def _is_picture(node: Element) -> bool:
    """Test for an element with a picture and nothing else."""
    images = [image for image in node.iter("img") if next(image.iterancestors("a"), None) is None]
    return bool(images) and not any(map(str.isalnum, text_of(node)))
