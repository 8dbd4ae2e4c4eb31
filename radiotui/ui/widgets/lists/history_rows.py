"""Rows of played titles and programmes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from textual.content import Content

from radiotui.app.history import PlayedItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.text import DASH, time_of_day, title_words
from radiotui.ui.kit.content import BLANK, trusted, untrusted
from radiotui.ui.kit.row import Row
from radiotui.ui.kit.row_list import ListEntry
from radiotui.ui.kit.time_words import hour, local

_A_WEEK = timedelta(days=6)


def result_row(heard: PlayedItem, now: datetime) -> Row:
    """A result of the search: "heard on KNAU Arizona Public Radio, Tue 3:12 PM"."""
    return Row(
        trusted("♪ ", "$accent"),
        words_of(heard),
        trusted("★", "$accent") if heard.starred else BLANK,
        under=trusted("heard on ", "dim")
        + _station(heard)
        + trusted(f", {when_word(heard.began_at, now)}", "dim"),
    )


def entries_by_day(
    heard: Sequence[PlayedItem],
    now: datetime,
    player_state: PlayerState,
    on_tape: Callable[[PlayedItem], bool],
) -> Iterator[ListEntry]:
    """A heading for each day, and below it what was heard, newest first."""
    day = None
    current = _current(heard, player_state)
    for item in heard:
        if local(item.began_at).date() != day:
            if day is not None:
                yield ListEntry(None, BLANK)
            day = local(item.began_at).date()
            yield ListEntry(None, trusted(day_word(item.began_at, now).upper(), "dim"))
        where = "now" if item.id in current else "on tape" if on_tape(item) else ""
        yield ListEntry(str(item.id), _row(item, where))


def words_of(heard: PlayedItem, style: str = "") -> Content:
    """ "Nina Simone — Sinnerman", or that it was an advertisement."""
    if heard.ad:
        name = untrusted(heard.text, "dim")
        return Content(" · ").join([trusted("advertisement", "dim"), *([name] if name else [])])
    if not heard.artist:
        return untrusted(title_words(heard.text), style)
    return untrusted(heard.artist, style) + trusted(DASH, style) + untrusted(heard.title, style)


def day_word(moment: datetime, now: datetime) -> str:
    """ "Today", "Yesterday", "Tue 25 Nov": a day on the listener's clock."""
    then, today = local(moment), local(now)
    apart = (today.date() - then.date()).days
    if apart in {0, 1}:
        return ("Today", "Yesterday")[apart]
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then:%a} {then.day} {then:%b}{year}"


def when_word(moment: datetime, now: datetime) -> str:
    """ "today 3:12 PM", "Tue 3:12 PM", "Tue 4 Nov, 3:12 PM", on the listener's clock."""
    then, today = local(moment), local(now)
    if then.date() == today.date():
        return f"today {hour(then)}"
    if today.date() - then.date() <= _A_WEEK:
        return f"{then:%a} {hour(then)}"
    year = f" {then.year}" if then.year != today.year else ""
    return f"{then:%a} {then.day} {then:%b}{year}, {hour(then)}"


def _row(heard: PlayedItem, where: str) -> Row:
    time = trusted(f"{time_of_day(local(heard.began_at), align=True)}  ", "dim")
    star = trusted("★ ", "$accent") if heard.starred else trusted("  ")
    aside = (
        trusted(" ▶ now", "$success")
        if where == "now"
        else trusted(f" {where}" if where else "", "dim")
    )
    if heard.kind == "title":
        return Row(star + time, words_of(heard), aside, notes=_notes(heard))
    return Row(star + time, words_of(heard, "bold"), aside, notes=_notes(heard, "programme · "))


def _notes(heard: PlayedItem, before: str = "") -> list[Content]:
    names = [untrusted(heard.station_name, "dim")]
    if heard.stream_name and heard.stream_name != heard.station_name:
        names.insert(0, names[0] + trusted(" · ", "dim") + untrusted(heard.stream_name, "dim"))
    return [trusted(before, "dim") + name for name in names]


def _current(heard: Sequence[PlayedItem], player_state: PlayerState) -> set[int]:
    """The ids of what is heard just now: a title, a programme, or both."""
    if player_state.state is not PlayState.PLAYING or player_state.story is not None:
        return set()
    now: dict[str, int] = {}
    names = {"title": player_state.current.title or "", "programme": player_state.current.programme}
    heard_at = player_state.current.heard_at
    for item in heard:
        is_here = (item.station, item.stream) == (player_state.station, player_state.stream)
        began = heard_at is None or item.began_at <= heard_at
        if is_here and began and item.text == names[item.kind]:
            now.setdefault(item.kind, item.id)
    return set(now.values())


def _station(heard: PlayedItem) -> Content:
    return untrusted(heard.station_name or heard.station, "dim")
