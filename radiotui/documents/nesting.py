"""Blocks put into the quotations and lists around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec

from radiotui.documents.model import Block, Blocks, ListBlock, ListItem, Quote


@dataclass(slots=True, eq=False)
class OpenElement:
    """An element whose end was not read yet."""

    tag: str
    container: BlockContainer | None = None
    number: int = 1


class BlockContainer(msgspec.Struct, frozen=True, eq=False):
    """A quotation, or an item of a list."""

    listing: OpenElement | None = None
    """The list of an item."""
    number: int | None = None
    """An item's number; None: a bullet."""


class PlacedBlock(msgspec.Struct, frozen=True, eq=False):
    """A block with the containers around it, the outermost first."""

    block: Block
    inside: tuple[BlockContainer, ...] = ()


def nested_blocks(blocks: Sequence[PlacedBlock], depth: int = 0) -> Blocks:
    """The blocks within their containers, from the ``depth``-th container on."""

    def container(block: PlacedBlock) -> BlockContainer | None:
        return block.inside[depth] if len(block.inside) > depth else None

    def listing(block: PlacedBlock) -> OpenElement | BlockContainer | None:
        around = container(block)
        return around and (around.listing or around)

    out: list[Block] = []
    for _, together in groupby(blocks, listing):
        neighbours = list(together)
        first = container(neighbours[0])
        if first is None:
            out += [neighbour.block for neighbour in neighbours]
        elif first.listing is None:
            out.append(Quote(nested_blocks(neighbours, depth + 1)))
        else:
            items = tuple(
                ListItem(nested_blocks(list(item), depth + 1))
                for _, item in groupby(neighbours, container)
            )
            loose = any(len(item.blocks) > 1 for item in items)
            out.append(ListBlock(items, first.number, loose))
    return tuple(out)
