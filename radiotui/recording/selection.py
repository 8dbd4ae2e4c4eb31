"""Selections of a tape to keep, by its marks and the position of the ear.

Pure: a :class:`TapeWindow` goes in, a :class:`Selection` comes out, with a note in words
where a part of it is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.radio.tape.tape import Tape
from radiotui.radio.titles.titles import split_title
from radiotui.text import clock_duration

JUST_BEGUN = 20.0
"""Seconds within which the song before is meant: it takes as long to find the key."""
LONGEST_SONG = 15 * 60.0
"""Seconds after which a song that does not end is taken for one that nobody ends."""


class TapeWindow(msgspec.Struct, frozen=True):
    """The extent and marks of a tape at a moment."""

    start: float
    """The oldest place, in seconds."""
    end: float
    """The newest place, in seconds."""
    marks: Sequence[Mark] = ()
    """In the order of their places."""

    @classmethod
    def of(cls, tape: Tape) -> TapeWindow:
        """As the tape is now."""
        return cls(tape.start, tape.end, tape.marks)


class Selection(msgspec.Struct, frozen=True):
    """A stretch of tape that is to be kept, and its name."""

    begin: float
    """Seconds."""
    end: float | None
    """None: it ends with the next title."""
    title: str = ""
    artist: str = ""
    programme: str = ""
    note: str = ""
    """For the listener: the part that is missing, or that it is not over yet."""


def song(window: TapeWindow, position: float) -> Selection:
    """The song that is heard at ``position``, or that has just ended.

    Where the present title began less than 20 s ago, or there is none, the one
    before it is meant. Raises Problem where no title is known.
    """
    titles = [mark for mark in window.marks if mark.kind == "title"]
    heard = [mark for mark in titles if mark.at <= position]
    songs = [mark for mark in heard if mark.text and not mark.ad]
    if not songs:
        raise Problem("No song is known here", "the last minutes can be kept instead")
    song_ = songs[-1]
    has_just_begun = song_ is heard[-1] and position - song_.at < JUST_BEGUN
    if has_just_begun and len(songs) > 1 and _end_of(songs[-2], titles) > window.start:
        song_ = songs[-2]
    return _whole(window, song_, titles)


def begun_at(window: TapeWindow, place: float) -> Selection:
    """The song that began at a place, to about a second. Raises Problem where none did."""
    titles = [mark for mark in window.marks if mark.kind == "title"]
    near = [mark for mark in titles if mark.text and abs(mark.at - place) <= 1.0]
    if not near:
        raise _gone()
    return _whole(window, min(near, key=lambda mark: abs(mark.at - place)), titles)


def _whole(window: TapeWindow, song_: Mark, titles: list[Mark]) -> Selection:
    """A song from its title to the next."""
    end = next((mark.at for mark in titles if mark.at > song_.at), None)
    if end is None and window.end - song_.at >= LONGEST_SONG:
        end = song_.at + LONGEST_SONG
    if end is not None and end <= window.start:
        raise _gone()
    artist, title = split_title(song_.text)
    programme_ = _programme(window, song_.at)
    return Selection(
        song_.at,
        end,
        title=title,
        artist=artist or "",
        programme=programme_.text if programme_ else "",
        note=_missing(window, song_.at, end) or ("" if end is not None else "kept when it ends"),
    )


def _gone() -> Problem:
    return Problem("That song is not on the tape any more", "the tape does not reach back so far")


def last_minutes(window: TapeWindow, position: float, minutes: float) -> Selection:
    """The last so many minutes of what was heard."""
    begin, end = position - minutes * 60, min(position, window.end)
    programme_ = _programme(window, max(begin, window.start)) or _programme(window, end)
    return Selection(
        max(begin, window.start),
        end,
        programme=programme_.text if programme_ else "",
        note=_missing(window, begin, end),
    )


def programme(window: TapeWindow, position: float) -> Selection:
    """The programme that is heard, from its beginning until its end or until now.

    Where none is known it is all that was heard.
    """
    mark = _programme(window, position)
    if mark is None:
        note = "no programme is known: from the tape's beginning"
        return Selection(window.start, min(position, window.end), note=note)
    following = next((m.at for m in window.marks if m.kind == "programme" and m.at > mark.at), None)
    is_over = following is not None and following <= window.end
    end = following if is_over else min(position, window.end)
    return Selection(
        max(mark.at, window.start), end, programme=mark.text, note=_missing(window, mark.at, end)
    )


def _programme(window: TapeWindow, at: float) -> Mark | None:
    heard = [mark for mark in window.marks if mark.kind == "programme" and mark.at <= at]
    return heard[-1] if heard else None


def _end_of(song_: Mark, titles: list[Mark]) -> float:
    return next((mark.at for mark in titles if mark.at > song_.at), song_.at)


def _missing(window: TapeWindow, begin: float, end: float | None) -> str:
    """In words, when the tape does not reach back to ``begin``."""
    if begin >= window.start - 0.5:
        return ""
    there = (window.end if end is None else end) - window.start
    return f"only the last {clock_duration(max(0.0, there))} are on the tape"
