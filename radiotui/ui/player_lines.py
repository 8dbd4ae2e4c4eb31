"""What the player's lines say, for a width: pure words, no widget."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from textual.content import Content

from radiotui.guide.model import OnAir, Programme
from radiotui.player.newscast import Spoken
from radiotui.player.state import Playback, PlayState
from radiotui.stations.model import Station
from radiotui.text import clock_duration
from radiotui.ui.words import BLANK, cut, foreign, hour, local, old, own, row, spread, zone_word

_ROOMY = 78
"""From this many columns on, what is nice to know is shown too."""
_LEAST = 16
"""Columns below which "next" says too little."""
_OLD = timedelta(minutes=15)


class Scene(NamedTuple):
    """All that the player shows at one moment."""

    playback: Playback = Playback()
    on_air: OnAir | None = None
    station: Station | None = None
    """The station that is tuned to: its zone is where the programme's times are from."""
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)


class Condition(NamedTuple):
    """A state of the player as a glyph, a word and a colour: any one of them is enough."""

    glyph: str
    word: str
    style: str


_STORY = {
    PlayState.CONNECTING: Condition("◌", "FETCHING", "$warning"),
    PlayState.PLAYING: Condition("▶", "STORY", "$success"),
}


def condition(playback: Playback, now: datetime) -> Condition:
    """What a listener would say is going on."""
    if playback.spoken is not None and not _silent(playback):
        return _STORY.get(playback.state) or _condition(playback, now)
    return _condition(playback, now)


def _condition(playback: Playback, now: datetime) -> Condition:
    match playback.state:
        case PlayState.STOPPED:
            return Condition("■", "STOPPED", "$error" if playback.problem else "dim")
        case PlayState.PAUSED:
            return Condition("‖", "PAUSED", "$warning")
        case PlayState.CONNECTING if playback.problem is None:
            return Condition("◌", "CONNECTING", "$warning")
        case PlayState.PLAYING if playback.live:
            return Condition("●", "LIVE", "$error")
        case PlayState.PLAYING if not _silent(playback):
            return Condition("▶", "PLAYING", "$success")
    return Condition("◌", f"RECONNECTING{_countdown(playback, now)}", "$warning")


def _countdown(playback: Playback, now: datetime) -> str:
    """ " in 4 s", as long as there is something to wait for."""
    if playback.retry_at is None:
        return ""
    seconds = math.ceil((playback.retry_at - now).total_seconds())
    return f" in {seconds} s" if seconds > 0 else ""


def lines(scene: Scene, columns: int, count: int) -> list[Content]:
    """The player in ``count`` lines (2 or 3) of exactly ``columns`` columns or fewer."""
    if scene.playback.spoken is not None:
        return _story_lines(scene, scene.playback.spoken, columns, count)
    if count < 3:
        return [_first(scene, columns), _only(scene, columns)][:count]
    return [_first(scene, columns), _programme(scene, columns), _heard(scene, columns)]


def _first(scene: Scene, columns: int) -> Content:
    playback = scene.playback
    chip = _chip(scene)
    if playback.station:
        name = row(foreign(playback.station_name, "bold"), _stream_name(playback), gap=1)
    else:
        name = own("enter tunes to a station", "dim")
    right = row(*_facts(playback, columns), _volume(playback), _clock(scene.now))
    return spread(row(chip, name), right, columns)


def _chip(scene: Scene) -> Content:
    state = condition(scene.playback, scene.now)
    return own(f"{state.glyph} {state.word}", f"bold {state.style}", "screen.pause")


def _stream_name(playback: Playback) -> Content:
    if not playback.stream_name or playback.stream_name == playback.station_name:
        return BLANK
    return own("· ") + foreign(playback.stream_name)


def _facts(playback: Playback, columns: int) -> list[Content]:
    """What waits to be heard, which engine is silent, what the stream is made of."""
    facts = []
    if playback.to_come and playback.spoken is None:
        count = len(playback.to_come)
        facts.append(own(f"{count} in the newscast" if columns >= _ROOMY else f"{count} queued"))
    if playback.no_device is not None:
        facts.append(own("no sound device" if columns >= 100 else "no sound", "$warning"))
    elif playback.engine == "silent":
        facts.append(own("no sound: silent engine" if columns >= 100 else "no sound", "$warning"))
    if columns >= _ROOMY and playback.codec:
        rate = f" {playback.bitrate_kbps}k" if playback.bitrate_kbps else ""
        facts.append(foreign(playback.codec + rate, "dim"))
    return facts


def _volume(playback: Playback) -> Content:
    if playback.muted:
        return own("♪ muted", "$warning", "screen.mute")
    return own(f"♪ {playback.volume}%", "", "screen.mute")


def _clock(now: datetime) -> Content:
    return own(f"{hour(local(now)):>8}", "bold")


def _only(scene: Scene, columns: int) -> Content:
    """Programme and title as one line, for a small screen."""
    playback, on_air = scene.playback, scene.on_air
    if playback.problem is not None:
        return cut(_problem(scene), columns)
    programme = on_air.now if on_air else None
    left = row(
        foreign(programme.title, "bold") if programme else BLANK,
        _title(scene, mark="· " if programme else "♪ "),
        gap=1,
    )
    right = BLANK
    if _behind(playback):
        right = own(_behind(playback), "$warning")
    elif programme and programme.end and scene.station:
        right = own(f"until {_hour(programme.end, scene)}", "dim")
    return spread(left, right, columns)


def _programme(scene: Scene, columns: int) -> Content:
    on_air = scene.on_air
    if on_air is None or on_air.now is None:
        word = "" if on_air is None else "No programme information"
        return spread(own(word, "dim"), _next(scene), columns)
    age = old(on_air.asked_at, scene.now, _OLD) if on_air.problem else ""
    title, times = foreign(on_air.now.title, "bold"), _times(on_air.now, scene, columns)
    # What is on comes first, then when, then what is next; each has what the ones before leave.
    room = columns - title.cell_length - times.cell_length - len(age) - 8
    following = cut(_next(scene), room) if room >= _LEAST else BLANK
    room -= following.cell_length
    host = foreign(f"with {on_air.now.host}", "dim") if on_air.now.host else BLANK
    left = row(title, host if host.cell_length <= room else BLANK)
    return spread(left, row(times, following, own(age, "$warning"), gap=3), columns)


def _times(programme: Programme, scene: Scene, columns: int) -> Content:
    """ "3:00 PM ━━━━╸──── 5:00 PM MST"."""
    if programme.start is None or programme.end is None:
        return BLANK
    zone = zone_word(scene.station, scene.now) if scene.station else ""
    length = (programme.end - programme.start).total_seconds()
    if length <= 0:
        return BLANK
    share = min(1.0, max(0.0, (scene.now - programme.start).total_seconds() / length))
    bar = _bar(share, max(8, columns // 5))
    ends = f" {_hour(programme.end, scene)}" + (f" {zone}" if zone else "")
    return own(f"{_hour(programme.start, scene)} ", "dim") + bar + own(ends, "dim")


def _bar(share: float, columns: int) -> Content:
    done = min(columns - 1, int(share * columns))
    return own("━" * done + "╸", "$accent") + own("─" * (columns - done - 1), "dim")


def _next(scene: Scene) -> Content:
    following = scene.on_air.next if scene.on_air else None
    if following is None:
        return BLANK
    at = f"{_hour(following.start, scene)} " if following.start else ""
    return own(f"next {at}", "dim") + foreign(following.title)


def _heard(scene: Scene, columns: int) -> Content:
    playback = scene.playback
    if playback.problem is not None:
        return cut(_problem(scene), columns)
    return spread(_title(scene, mark="♪ "), _tape(playback, columns), columns)


def _problem(scene: Scene) -> Content:
    """Why there is no sound, for as long as it lasts."""
    playback = scene.playback
    assert playback.problem is not None
    told = foreign(str(playback.problem), "$error")
    # After a stop of its own a story is not tried again.
    tries = playback.spoken is None or playback.retry_at is not None
    waiting = tries and playback.state is PlayState.PLAYING and not _silent(playback)
    then = own(f"reconnecting{_countdown(playback, scene.now)}", "$warning") if waiting else BLANK
    return row(own("⚠ ", "$error") + told, then)


def _title(scene: Scene, mark: str) -> Content:
    playback = scene.playback
    if playback.ad:
        return own("advertisement", "dim")
    if playback.title:
        return own(mark, "dim") + foreign(playback.title)
    song = scene.on_air.song if scene.on_air else None
    if song is None or not playback.live:
        return BLANK
    words = f"{song.artist} – {song.title}" if song.artist else song.title
    return own(mark, "dim") + foreign(words)


def _tape(playback: Playback, columns: int) -> Content:
    """Where on the tape one listens: "tape ├──────●──┤ 1:10 behind"."""
    length = playback.tape_end - playback.tape_start
    if playback.position is None or length < 1:
        return BLANK
    if playback.live:
        place, words = 1.0, own("live", "$error")
    else:
        place = min(1.0, max(0.0, (playback.position - playback.tape_start) / length))
        words = own(_behind(playback) or "live", "$warning")
    if columns < _ROOMY:
        return words
    width = max(10, columns // 6)
    before = round(place * (width - 1))
    left = own("tape ├" + "─" * before, "dim")
    rest = own("─" * (width - 1 - before) + "┤ ", "dim")
    return left + own("●", "$accent") + rest + words


def _behind(playback: Playback) -> str:
    if playback.state is PlayState.STOPPED or playback.live or playback.position is None:
        return ""
    behind = playback.behind - playback.burst
    return f"{clock_duration(behind)} behind" if behind >= 1 else ""


def _silent(playback: Playback) -> bool:
    """Whether the tape has run out while the connection is gone."""
    if playback.spoken is not None and playback.retry_at is None:
        return False
    return playback.off_air and playback.problem is not None and playback.behind < 1


def _hour(moment: datetime, scene: Scene) -> str:
    zone = scene.station.zone if scene.station else None
    return hour(moment.astimezone(zone))


def _story_lines(scene: Scene, spoken: Spoken, columns: int, count: int) -> list[Content]:
    """What is heard is a story: its title, how far it is, what waits and what follows."""
    playback = scene.playback
    right = row(*_facts(playback, columns), _volume(playback), _clock(scene.now))
    title = foreign(spoken.title, "bold")
    if count < 3:
        right = row(own(_place(playback)), right)
        first = spread(row(_chip(scene), title), right, columns)
        under = cut(_problem(scene), columns) if playback.problem else _around(scene, columns)
        return [first, under][:count]
    from_ = own("· ") + foreign(spoken.from_) if spoken.from_ else BLANK
    first = spread(row(_chip(scene), row(title, from_, gap=1)), right, columns)
    second = spread(_progress(playback, columns), _following(playback), columns)
    if playback.problem is not None:
        return [first, second, cut(_problem(scene), columns)]
    return [first, second, cut(_waiting(scene), columns)]


def _place(playback: Playback) -> str:
    """ "1:02 / 3:12", as far as it is known."""
    if playback.position is None:
        return clock_duration(playback.length) if playback.length else ""
    place = clock_duration(playback.position)
    return f"{place} / {clock_duration(playback.length)}" if playback.length else place


def _progress(playback: Playback, columns: int) -> Content:
    """ "1:02 ━━━━╸──── 3:12"."""
    if playback.position is None or not playback.length:
        return own(_place(playback))
    bar = _bar(min(1.0, playback.position / playback.length), max(8, columns // 4))
    end = own(f" {clock_duration(playback.length)}", "dim")
    return own(f"{clock_duration(playback.position)} ") + bar + end


def _following(playback: Playback) -> Content:
    """ "2 more in the newscast"."""
    count = len(playback.to_come)
    if not count:
        return own("the last of the newscast", "dim") if playback.newscast else BLANK
    more = " more" if playback.newscast else ""
    return own(f"{count}{more} in the newscast", "dim")


def _waiting(scene: Scene) -> Content:
    """ "KNAU waits on its tape · 4:12 behind"."""
    waiting = scene.playback.waiting
    if waiting is None:
        return BLANK
    name = foreign(waiting.station_name)
    if waiting.state is PlayState.CONNECTING:
        return name + own(" is being tuned to", "dim")
    paused = " paused" if waiting.state is PlayState.PAUSED else ""
    lost = own("· reconnecting", "$warning") if waiting.off_air and waiting.problem else BLANK
    behind = own(f"· {_lag(waiting)} behind", "$warning") if _lag(waiting) else BLANK
    return row(name, own(f"waits{paused} on its tape", "dim"), behind, lost, gap=1)


def _lag(waiting: Playback) -> str:
    behind = waiting.behind - waiting.burst
    return clock_duration(behind) if behind >= 1 else ""


def _around(scene: Scene, columns: int) -> Content:
    """What waits and what follows as one line, for a small screen."""
    waiting, following = scene.playback.waiting, _following(scene.playback)
    if waiting is None:
        spoken = scene.playback.spoken
        return spread(foreign(spoken.from_ if spoken else "", "dim"), following, columns)
    lag = f" waits {_lag(waiting)} behind" if _lag(waiting) else " waits"
    room = columns - following.cell_length - len(lag) - 2
    return spread(cut(foreign(waiting.station_name), room) + own(lag), following, columns)
