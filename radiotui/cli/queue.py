"""Command ``podcasts queue``: what is to be heard, listed and changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.queue_shapes import queue_name_shape, queue_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, FAILED, print_json, print_note, print_nothing, print_result
from radiotui.cli.sources import file_of
from radiotui.player.queue import QueueItem, file_key
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, clock_duration

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.cli.invocation import Arguments

_EMPTY = "the queue is empty: 'radiotui podcasts queue add EPISODE' adds to it"


class QueueCommand:
    """One action on the queues of a companion."""

    def __init__(self, companion: Companion, *, as_json: bool) -> None:
        self._companion = companion
        self._as_json = as_json

    async def run(self, arguments: Arguments) -> int:
        """Obey the action; 1 where there is nothing to list, to fill with or to undo."""
        async with opened(self._companion, radio=False):
            match arguments.queue_action:
                case "names" | "use" | "new" | "rename" | "delete":
                    return await self._names(arguments)
                case "undo":
                    return await self._undo()
                case "fill":
                    return await self._fill()
                case "rule":
                    return await self._rule(arguments.rule)
                case "list" | None:
                    content = await self._companion.queues.content()
                    await self._print_queue()
                    return DONE if content.items else print_nothing(_EMPTY)
            await self._change(arguments)
            return await self._print_queue()

    async def _change(self, arguments: Arguments) -> None:
        queues = self._companion.queues
        match arguments.queue_action:
            case "add" | "next" as action:
                items = tuple([await self._item(typed) for typed in arguments.episodes])
                await queues.add(items, next_after="" if action == "next" else None)
            case "remove":
                await queues.remove((await self._at(arguments.place)).key)
            case "move":
                key = (await self._at(arguments.place)).key
                await queues.move(key, max(1, arguments.to) - arguments.place)
            case "clear":
                await queues.clear()

    async def _names(self, arguments: Arguments) -> int:
        queues = self._companion.queues
        match arguments.queue_action:
            case "use":
                await queues.use(arguments.name)
            case "new":
                await queues.make(arguments.name)
            case "rename":
                await queues.rename(arguments.name, arguments.new_name)
            case "delete":
                await queues.delete(arguments.name)
        listed, in_use = await queues.names()
        if self._as_json:
            print_json([queue_name_shape(queue, in_use) for queue in listed])
            return DONE
        for queue in listed:
            sign = "●" if queue.name == in_use else " "
            rule = f"  {queue.rule}" if queue.rule else ""
            print_result(f"{sign} {text.fit(queue.name, 24)} {queue.items:>4} items{rule}")
        return DONE

    async def _undo(self) -> int:
        change = await self._companion.queues.undo()
        if change is None:
            return print_nothing("there is nothing to undo")
        print_note(f"undone: {change.words}")
        return await self._print_queue()

    async def _fill(self) -> int:
        filled = await self._companion.queues.fill()
        if filled.problem is not None:
            print_note(filled.problem)
        print_note(f"{filled.count} new" if filled.count else "the rule finds nothing new")
        await self._print_queue()
        return DONE if filled.count else FAILED

    async def _rule(self, typed: str | None) -> int:
        queues = self._companion.queues
        if typed is not None:
            await queues.set_rule("" if typed.strip().casefold() == "none" else typed)
        content = await queues.content()
        rule = content.queue.rule
        if self._as_json:
            print_json({"name": content.queue.name, "rule": rule or None})
        elif rule:
            print_result(rule)
        if typed is not None:
            return DONE
        return DONE if rule else print_nothing("this queue has no rule")

    async def _print_queue(self) -> int:
        content = await self._companion.queues.content()
        if self._as_json:
            print_json(queue_shape(content))
            return DONE
        for place, item in enumerate(content.items, 1):
            length = clock_duration(item.seconds) if item.seconds is not None else ""
            maker = f"  ({item.from_})" if item.from_ else ""
            print_result(f"{place:>3} {length:>8}  {item.title}{maker}")
        return DONE

    async def _item(self, typed: str) -> QueueItem:
        """The sound that was named. Raises Problem where there is none."""
        # A number is an episode's, also where a file has that name.
        file = None if typed.isdecimal() else await asyncio.to_thread(file_of, typed)
        if file is None:
            entry = await self._companion.podcasts.named_episode(typed)
            return await self._companion.queue_rules.item(entry)
        from radiotui.audio.decoding import facts_of

        path = file.absolute()
        _, seconds = await asyncio.to_thread(facts_of, path)
        title = clean(path.stem, 200)
        return QueueItem(
            key=file_key(str(path)), url="", title=title, path=str(path), seconds=seconds
        )

    async def _at(self, place: int) -> QueueItem:
        items = (await self._companion.queues.content()).items
        if not 1 <= place <= len(items):
            title = f"there is no place {place} in the queue"
            hint = f"it has {len(items)}" if items else "it is empty"
            raise Problem(title, hint, kind=ProblemKind.USAGE)
        return items[place - 1]
