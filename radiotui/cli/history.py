"""Command ``heard``: the history, for people, spreadsheets and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, print_nothing, write_result

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.app.history_export import Form


async def heard(
    companion: Companion,
    words: str,
    *,
    station: str,
    since: str,
    starred: bool,
    limit: int,
    form: Form,
) -> int:
    """Print the history, newest first; 1 where nothing of it matches.

    Nothing of the radio is started, and another radiotui may be running.
    """
    from radiotui.app.history_export import exported
    from radiotui.search.query import read_since

    earliest = read_since(since, companion.clock()) if since else None
    async with opened(companion, radio=False, faults=False):
        entries = await companion.history.heard(
            words, station, since=earliest, starred=starred, limit=limit
        )
        if station and not entries:
            # A station that left the list may still have been heard; a misspelt one never was.
            companion.station_list.find(station)
    write_result(exported(entries, form))
    is_narrowed = words or station or since or starred
    nothing = "nothing that was heard matches" if is_narrowed else "nothing was heard yet"
    return DONE if entries else print_nothing(nothing)
