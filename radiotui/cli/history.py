"""The command ``heard``: what was heard, for people, spreadsheets and scripts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from radiotui.cli.play import opened

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
    """Print what was heard, newest first; 1 when words were given that are not in it.

    Nothing of the radio is started, and another radiotui may be running.
    """
    from radiotui.app.history_export import exported
    from radiotui.search.query import read_since

    from_ = read_since(since, companion.clock()) if since else None
    async with opened(companion, radio=False):
        found = await companion.history.heard(
            words, station, since=from_, starred=starred, limit=limit
        )
    if station and not found:
        # A station that left the list may still have been heard; a misspelt one never was.
        companion.station_list.find(station)
    sys.stdout.write(exported(found, form))
    return 1 if words and not found else 0
