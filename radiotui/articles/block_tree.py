"""Blocks of text of a page and the elements around them."""

from __future__ import annotations

import msgspec

from radiotui.articles.figures import is_figure
from radiotui.documents.html_tree import BLOCKS, Element, elements


class BlockTree(msgspec.Struct, frozen=True):
    """Elements by what they are to the blocks of a page."""

    nodes: list[Element]
    """All of them, in their order."""
    holding: set[Element]
    """Those with blocks within them."""
    figures: set[Element]
    """Figures, and the elements within them that come right below one another."""


def block_tree(root: Element) -> BlockTree:
    """The element and all within it. Blocks of figures count for nothing."""
    nodes = list(elements(root))
    holding: set[Element] = set()
    figures: set[Element] = set()
    for node in nodes:
        in_figure = bool(figures) and node.getparent() in figures
        if in_figure or is_figure(node):
            figures.add(node)
        if node.tag in BLOCKS and not in_figure:
            for above in node.iterancestors():
                if above in holding:
                    break
                holding.add(above)
    return BlockTree(nodes, holding, figures)
