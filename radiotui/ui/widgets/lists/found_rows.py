"""Rows of stations and podcasts as directories list them, and the line of the directories."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from radiotui.app.found_results import DirectoryState
from radiotui.directories.model import FoundStation
from radiotui.player.state import PlayState
from radiotui.podcasts.model import FoundPodcast
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.row import Row

_STATES = {
    PlayState.PLAYING: ("● ", "heard now", "$error"),
    PlayState.PAUSED: ("‖ ", "paused", "$warning"),
    PlayState.CONNECTING: ("◌ ", "connecting", "$warning"),
}
_DOT = Content(" · ")


def found_id(station: FoundStation) -> str:
    """The id of a result's row, the same in whatever order the results come."""
    return "\n".join((station.directory, station.name, *station.urls[:1]))


def found_row(
    station: FoundStation, place_in_list: str, state: PlayState | None, stream_name: str
) -> Row:
    """A result: name, codec and rate; place, signs, directory, and whether it is listed.

    ``state`` and ``stream_name`` are those of the trial, where the result is listened to.
    """
    mark, heard = trusted("  "), BLANK
    if state in _STATES:
        glyph, word, style = _STATES[state]
        mark, heard = trusted(glyph, style), trusted(word, style)
        if len(station.streams) > 1:
            heard += trusted(": ", style) + untrusted(stream_name, style)
    elif place_in_list:
        mark = trusted("✓ ", "$success")
    signs = " ".join(filter(None, (*station.calls[:1], station.frequency)))
    streams = f"{len(station.streams)} streams" if len(station.streams) > 1 else ""
    listed = trusted("listed as ", "$success") + untrusted(place_in_list, "$success")
    place = ", ".join(filter(None, (station.city, station.country)))
    parts = [
        heard,
        listed if place_in_list else BLANK,
        untrusted(place, "dim"),
        untrusted(signs, "dim"),
        trusted(streams, "dim"),
        untrusted(station.directory, "dim"),
        untrusted(", ".join(station.tags[:3]), "dim"),
    ]
    return Row(
        mark,
        untrusted(station.name, "bold" if heard else ""),
        untrusted(_sound(station), "dim"),
        under=_DOT.stylize("dim").join([part for part in parts if part]),
    )


def found_podcast_row(podcast: FoundPodcast, *, is_listed: bool) -> Row:
    """A podcast that a directory lists: its title and episodes; its maker, genres and directory."""
    count = podcast.episodes
    episodes = "" if count is None else "1 episode" if count == 1 else f"{count} episodes"
    parts = [
        trusted("in the list", "$success") if is_listed else BLANK,
        untrusted(podcast.author, "dim"),
        untrusted(", ".join(podcast.genres[:3]), "dim"),
        untrusted(podcast.directory, "dim"),
    ]
    return Row(
        trusted("✓ ", "$success") if is_listed else trusted("  "),
        untrusted(podcast.title),
        trusted(episodes, "dim"),
        under=_DOT.stylize("dim").join([part for part in parts if part]),
    )


def _sound(station: FoundStation) -> str:
    """Codec and rate of the first stream: "MP3 128k"."""
    first = station.streams[0]
    rate = f"{first.bitrate}k" if first.bitrate else ""
    return " ".join(filter(None, (first.codec, rate)))


def directory_lines(directories: Sequence[DirectoryState]) -> Content:
    """All directories in a line, and below it a line for each that failed."""
    words = [_state(directory) for directory in directories]
    lines = [_DOT.stylize("dim").join(words)]
    for directory in directories:
        if directory.problem is not None:
            problem = untrusted(str(directory.problem), "$error")
            lines.append(trusted("⚠ ", "$error") + problem)
    return Content("\n").join(lines)


def _state(directory: DirectoryState) -> Content:
    name = untrusted(directory.name, "dim")
    if directory.problem is not None:
        return name + trusted(" ⚠", "$error")
    if directory.count is None:
        return name + trusted(" …", "$warning")
    return name + trusted(f" {directory.count}", "bold")
