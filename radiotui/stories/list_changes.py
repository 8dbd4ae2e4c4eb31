"""Intents about the length of a list, obeyed by the service of stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.stories.intents import LengthIntent, NarrowList, ShowOlder, WidenList

if TYPE_CHECKING:
    from radiotui.stories.model import Section
    from radiotui.stories.service import StoryService


async def change_list(service: StoryService, section: Section, intent: LengthIntent) -> None:
    """Lengthen, narrow or widen a section's list. Raises Problem."""
    match intent:
        case ShowOlder():
            await service.show_older(section)
        case NarrowList(words):
            await service.narrow(section, words)
        case WidenList(headline):
            await service.widen(section, headline)
