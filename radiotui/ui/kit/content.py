"""The small words of the screen: lines that fit, clock times, ages, keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.player.playback import Playback
    from radiotui.stations.model import Station

BLANK = Content("")

_KEY_WORDS = {
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "question_mark": "?",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "slash": "/",
    "greater_than_sign": ">",
    "delete": "del",
    "comma": ",",
    "full_stop": ".",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def untrusted(text: str, style: str = "") -> Content:
    """Text that others wrote, as text: neither markup nor a command to the terminal."""
    return Content.styled(clean(text), style)


def trusted(text: str, style: str = "", action: str = "") -> Content:
    """Text of the program itself; with ``action`` a click runs it."""
    content = Content.styled(text, style)
    if not action or not text:
        return content
    from textual.style import Style

    return content.stylize(Style.from_meta({"@click": action}))


def row(*parts: Content, gap: int = 2) -> Content:
    """The parts that say something, side by side."""
    return Content(" " * gap).join([part for part in parts if part])


def cut(content: Content, columns: int) -> Content:
    """The content in at most that many columns, an ellipsis where something is missing."""
    if columns <= 0:
        return BLANK
    return content.truncate(columns, ellipsis=True)


def spread(left: Content, right: Content, columns: int, gap: int = 2) -> Content:
    """One line: ``left`` at the left edge and cut first, ``right`` at the right edge."""
    if columns <= 0:
        return BLANK
    if not right:
        return cut(left, columns)
    right = cut(right, columns)
    left = cut(left, columns - right.cell_length - gap)
    return left.pad_right(columns - right.cell_length - left.cell_length) + right


def local(moment: datetime) -> datetime:
    """The moment on the listener's own clock."""
    return moment.astimezone()


def hour(moment: datetime) -> str:
    """A time of day as the page writes it: "3:07 PM"."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


def date(moment: datetime, now: datetime) -> str:
    """When a story was published, on the listener's clock: "Tue 25 Nov, 3:07 PM"."""
    moment, now = local(moment), local(now)
    year = f" {moment.year}" if moment.year != now.year else ""
    return f"{moment:%a} {moment.day} {moment:%b}{year}, {hour(moment)}"


def zone_word(station: Station, now: datetime) -> str:
    """How to name the station's time where it is not the listener's: "MST", or "in Kathmandu"."""
    there = now.astimezone(station.zone)
    if there.utcoffset() == local(now).utcoffset():
        return ""
    name = there.tzname() or ""
    if name.isalpha():
        return name
    city = station.city.partition(",")[0]
    return f"in {clean(city, 24)}" if city else station.timezone


def old(asked_at: datetime | None, now: datetime, after: timedelta) -> str:
    """How old an answer is, once that matters: "2h old", else nothing."""
    from radiotui.text import age

    if asked_at is None or now - asked_at < after:
        return ""
    return f"{age(now - asked_at)} old"


def is_recorded(playback: Playback) -> bool:
    """Whether what is tuned to is recorded until that is stopped."""
    return any(
        one.kind == "recording" and (one.station, one.stream) == playback.key
        for one in playback.recordings
    )


def size_word(count: int) -> str:
    """Bytes as people say them: "12 kB", "1.2 MB"."""
    if count < 1_000_000:
        return f"{count // 1000} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


def key_word(key: str) -> str:
    """A key as it stands on the keyboard: "?" for question_mark."""
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, _KEY_WORDS.get(last, last)])


def keys_words(keys: str) -> str:
    """Every key of a command: "j, ↓"."""
    return ", ".join(key_word(key.strip()) for key in keys.split(","))
