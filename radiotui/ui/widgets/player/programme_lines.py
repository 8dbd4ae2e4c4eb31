"""Programme and title at the ear, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace
from textual.content import Content

from radiotui.guide.model import Programme
from radiotui.player.state import Listening
from radiotui.text import song_words, title_words
from radiotui.ui.kit.content import BLANK, cut, progress, row, trusted, untrusted
from radiotui.ui.kit.time_words import hour, local, old, zone_word
from radiotui.ui.widgets.player.player_view import ROOMY, PlayerView, countdown

_OLD = timedelta(minutes=15)
_SEPARATOR = " - "


def programme_at_ear(scene: PlayerView) -> tuple[Programme | None, datetime]:
    """The programme that is heard, which is not the one of now where one is behind; and its now."""
    player_state, on_air = scene.player_state, scene.on_air
    taped: Programme | None = None
    current = player_state.current
    if current.programme:
        taped = Programme(current.programme, current.programme_at, current.programme_until)
    now = on_air.now if on_air else None
    if not player_state.current.is_behind:
        return now or taped, scene.now
    heard_at = player_state.current.heard_at or scene.now
    if now and (_is_same(taped, now) if taped else now.start and now.start <= heard_at):
        taped = replace(
            taped or now,
            start=now.start,
            end=now.end,
            host=now.host,
            episode=now.episode,
            usual=now.usual,
        )
    return taped, heard_at


def _is_same(programme: Programme, other: Programme) -> bool:
    """The same programme, whichever of its names and times the tape's mark has."""
    apart = abs(programme.start - other.start) if programme.start and other.start else timedelta(0)
    return programme.title == other.title and apart < _OLD


def following(scene: PlayerView, programme: Programme | None) -> list[Programme]:
    """Programme after the one at the ear: after an older one that of now, too."""
    on_air = scene.on_air
    if on_air is None:
        return []
    is_behind, now = scene.player_state.current.is_behind, on_air.now
    is_older = is_behind and programme and now and not _is_same(programme, now)
    return [later for later in (now if is_older else None, on_air.next) if later is not None]


def next_words(programme: Programme) -> Content:
    """ "next 5:00 PM Marketplace", without its first word."""
    at = f"{hour(local(programme.start))} " if programme.start else ""
    usually = "usually " if programme.usual else ""
    return trusted(f"{usually}{at}", "dim") + untrusted(programme.title)


def times(
    programme: Programme, scene: PlayerView, moment: datetime, *, bar: int = 0, room: int = 0
) -> Content:
    """ "3:00 PM ━━━━╸──── 5:00 PM (7:00 PM EST)", with a bar of so many columns."""
    if programme.start is None:
        return BLANK
    if programme.end is None:
        is_behind = scene.player_state.current.is_behind
        return trusted(f"since {hour(local(programme.start))}", "dim") if is_behind else BLANK
    if programme.usual:
        return trusted(f"usually until {hour(local(programme.end))}", "dim")
    length = (programme.end - programme.start).total_seconds()
    if length <= 0:
        return BLANK
    share = min(1.0, max(0.0, (moment - programme.start).total_seconds() / length))
    start = trusted(f"{hour(local(programme.start))} ", "dim")
    end = trusted(f" {hour(local(programme.end))}{_hour_there(programme.end, scene)}", "dim")
    drawn = progress(share, max(8, bar or room - start.cell_length - end.cell_length))
    return start + drawn + end


def _hour_there(moment: datetime, scene: PlayerView) -> str:
    """ " (5:00 PM MST)": the station's own time of day, where it is another."""
    zone = zone_word(scene.station, scene.now) if scene.station else ""
    if scene.station is None or not zone:
        return ""
    return f" ({hour(moment.astimezone(scene.station.zone))} {zone})"


def answer_age(scene: PlayerView) -> Content:
    """ "2h old", where what is on was not answered anew for long."""
    on_air = scene.on_air
    if on_air is None or not on_air.problem or scene.player_state.current.is_behind:
        return BLANK
    return trusted(old(on_air.asked_at, scene.now, _OLD), "$warning")


def title_line(scene: PlayerView, mark: str) -> Content:
    """ "♪ Nina Simone — Sinnerman"."""
    current = scene.player_state.current
    if current.ad:
        return trusted("advertisement", "dim")
    if current.title:
        return trusted(mark, "dim") + untrusted(title_words(current.title))
    song = scene.on_air.song if scene.on_air else None
    if song is None or not current.live:
        return BLANK
    return trusted(mark, "dim") + untrusted(song_words(song.artist, song.title))


def song_line(scene: PlayerView) -> Content:
    """ "♪ Sinnerman · Nina Simone · Pastel Blues": title, artist and work apart."""
    current = scene.player_state.current
    if current.ad:
        return trusted("advertisement", "dim")
    song = scene.on_air.song if scene.on_air else None
    artist, work = "", ""
    if current.title:
        artist, separator, title = current.title.partition(_SEPARATOR)
        if not separator:
            artist, title = "", current.title
        is_song = song is not None and song.title.casefold() == title.casefold()
        work = song.album if is_song and song is not None else ""
    elif song is not None and current.live:
        artist, title, work = song.artist, song.title, song.album
    else:
        return BLANK
    parts = (untrusted(title), untrusted(artist, "bold"), untrusted(work, "dim"))
    words = Content(" · ").join([part for part in parts if part])
    return trusted("♪ ", "dim") + words


def pending_line(scene: PlayerView, pending: Listening, columns: int) -> Content:
    """ "→ KJZZ is being tuned to", while another station plays on."""
    is_same = pending.station == scene.player_state.station
    arrow = trusted("→ ", "$warning")
    name = arrow + untrusted(pending.stream_name if is_same else pending.station_name)
    if pending.problem is None:
        return cut(name + trusted(" is being tuned to", "dim"), columns)
    again = trusted(f"again{countdown(pending, scene.now)}", "$warning")
    # A problem says the name too: where there is little room, once is enough.
    start = arrow if columns < ROOMY // 2 else name + trusted("  ")
    words = start + trusted("⚠ ", "$error") + untrusted(str(pending.problem), "$error")
    return row(cut(words, columns - again.cell_length - 2), again)
