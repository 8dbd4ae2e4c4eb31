"""Rows of recordings: files that are there, and those that grow just now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.content import Content

from radiotui.player.state import PlayerState, PlayState
from radiotui.recording.model import RecordedFile, Recording, RecordingList
from radiotui.text import DASH, clock_duration
from radiotui.ui.kit.content import BLANK, size_word, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.widgets.lists.history_rows import when_word

_LENGTH_COLUMNS, _SIZE_COLUMNS = 8, 9
_HEARD = {
    PlayState.PLAYING: ("▶ ", "heard now", "$success"),
    PlayState.PAUSED: ("‖ ", "paused", "$warning"),
    PlayState.CONNECTING: ("◌ ", "is being opened", "$warning"),
}


def recording_result(file: RecordedFile, now: datetime) -> Row:
    """A result of the search: "recorded from KNAU, Tue 3:12 PM"."""
    source = trusted("from ", "dim") + untrusted(file.station_name, "dim") + trusted(", ", "dim")
    return Row(
        trusted("● ", "$accent"),
        name_of(file),
        trusted(_length(file.seconds), "dim"),
        under=trusted("recorded ", "dim")
        + (source if file.station_name else BLANK)
        + trusted(when_word(file.began, now), "dim"),
    )


def running_entries(running: Sequence[Recording], now: datetime) -> Iterator[ListEntry]:
    """Recordings under way, the newest first."""
    for recording in reversed(running):
        yield ListEntry(running_id(recording), _running_row(recording, now))


class FileEntries:
    """Rows of files, each made once for what it shows: a shelf may have thousands."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[object, ListEntry]] = {}

    def entries(
        self, files: Sequence[RecordedFile], player_state: PlayerState, now: datetime
    ) -> list[ListEntry]:
        """A row for each file, in their order; those that show the same are the same objects."""
        before, self._rows = self._rows, {}
        for file in files:
            facts = file, _heard_state(file, player_state), now.date()
            row = before.get(file.path)
            if row is None or row[0] != facts:
                row = facts, ListEntry(file.path, _file_row(file, facts[1], now))
            self._rows[file.path] = row
        return [entry for _, entry in self._rows.values()]


def running_id(recording: Recording) -> str:
    """The id of the row of a recording under way."""
    return f"running {recording.number}"


def title_of(listed: RecordingList) -> Content:
    """ "Recordings · 12 · 1:02:03 · 84.1 MB", and how many are still to be read."""
    parts = ["Recordings"]
    files = listed.files
    if files:
        seconds = sum(file.seconds or 0 for file in files)
        size = sum(file.bytes for file in files)
        parts += [str(len(files)), clock_duration(seconds), size_word(size)]
    if listed.unread:
        parts.append(f"reading {listed.unread} more")
    elif listed.is_cut:
        parts.append("there are more")
    return trusted(" · ".join(parts))


def name_of(file: RecordedFile, style: str = "") -> Content:
    """ "Nina Simone — Sinnerman", or the title, or the file's name."""
    if file.artist and file.title:
        return untrusted(file.artist, style) + trusted(DASH, style) + untrusted(file.title, style)
    return untrusted(file.name, style)


def _heard_state(file: RecordedFile, player_state: PlayerState) -> PlayState | None:
    """State of the play of a file; None while something else is heard."""
    story = player_state.story
    return player_state.state if story is not None and story.path == file.path else None


def _file_row(file: RecordedFile, heard_state: PlayState | None, now: datetime) -> Row:
    mark, state = trusted("  "), BLANK
    if heard_state in _HEARD:
        glyph, word, style = _HEARD[heard_state]
        mark, state = trusted(glyph, style), trusted(f"{word} · ", style)
    elif file.problem:
        mark = trusted("⚠ ", "$warning")
        state = untrusted(file.problem, "$warning") + trusted(" · ", "dim")
    figures = f"{_length(file.seconds):>{_LENGTH_COLUMNS}}{size_word(file.bytes):>{_SIZE_COLUMNS}}"
    parts = [trusted(when_word(file.began, now), "dim"), untrusted(file.station_name, "dim")]
    if file.programme not in {file.title, file.name}:
        parts.append(untrusted(file.programme, "dim"))
    under = Content(" · ").stylize("dim").join([part for part in parts if part])
    name = name_of(file, "bold" if heard_state is not None else "")
    return Row(mark, name, trusted(figures, "dim"), under=state + under)


def _running_row(recording: Recording, now: datetime) -> Row:
    figures = f"{clock_duration(recording.seconds):>{_LENGTH_COLUMNS}}"
    figures += f"{size_word(recording.bytes):>{_SIZE_COLUMNS}}"
    word = "being recorded" if recording.kind == "recording" else "being kept"
    return Row(
        trusted("● ", "$error"),
        untrusted(recording.name, "bold"),
        trusted(figures),
        under=trusted(f"{word} · ", "$error")
        + trusted(f"{when_word(recording.began, now)} · ", "dim")
        + untrusted(recording.station_name, "dim"),
    )


def _length(seconds: float | None) -> str:
    return clock_duration(seconds) if seconds is not None else "?:??"
