"""How stations come and go: pure steps from one snapshot to the next.

The station that plays goes on until the chosen one has sound, and may stay on
its tape afterwards: then going back to it is only another place to read.
"""

from __future__ import annotations

from dataclasses import replace

from radiotui.player import moves
from radiotui.player.events import (
    CloseUnused,
    Commands,
    OpenStream,
    Play,
    Silence,
    SoundArrived,
    StartPlay,
)
from radiotui.player.playback import Playback, PlayState, stopped, taken_up

Step = tuple[Playback, Commands]


def change(playback: Playback, event: Play) -> Step:
    """Another stream than the one that is tuned to was chosen; no story is heard."""
    chosen = (event.station, event.stream)
    if playback.coming is not None and playback.coming.key == chosen:
        return playback, ()
    warm = next((one for one in playback.warm if one.key == chosen), None)
    if warm is not None:
        return back_to(playback, warm)
    plays = playback.state is PlayState.PLAYING and playback.spoken is None
    new = _new(playback, event)
    tune = OpenStream(new.load, event.station, event.stream)
    if playback.never_silent and plays:
        return replace(playback, loads=new.load, coming=new), (CloseUnused(), tune)
    left = replace(new, warm=_with(playback), sleep=playback.sleep)
    return left, (Silence(), CloseUnused(), tune)


def back_to(playback: Playback, warm: Playback) -> Step:
    """Hear a stream that was taped meanwhile, live."""
    others = tuple(one for one in _with(playback) if one.key != warm.key)
    again = replace(
        taken_up(warm, playback),
        state=PlayState.PLAYING if warm.codec else PlayState.CONNECTING,
        take=playback.take + 1,
        warm=others,
    )
    if not warm.codec:
        return again, (Silence(), CloseUnused())
    at = moves.newest(again)
    again = replace(again, position=at)
    return again, (CloseUnused(), StartPlay(again.take, at))


def arrive(playback: Playback, event: SoundArrived) -> Step:
    """The chosen stream has sound: it is heard instead of the other from now on."""
    coming = playback.coming
    assert coming is not None
    arrived = replace(
        taken_up(coming, playback),
        take=playback.take + 1,
        warm=_with(playback),
        codec=event.codec,
        bitrate_kbps=event.bitrate_kbps,
        burst=event.burst,
        off_air=False,
        problem=None,
        retry_at=None,
        gain_db=0.0,
    )
    return arrived, (CloseUnused(), StartPlay(arrived.take, event.begin))


def give_way(playback: Playback) -> Playback:
    """What played is over before the chosen stream has sound: that one is tuned to, in silence."""
    coming = playback.coming
    if coming is None:
        return playback
    return replace(taken_up(coming, playback), take=playback.take + 1, warm=_with(playback))


def _new(playback: Playback, event: Play) -> Playback:
    return replace(
        stopped(playback),
        state=PlayState.CONNECTING,
        station=event.station,
        stream=event.stream,
        station_name=event.station_name,
        stream_name=event.stream_name,
    )


def _with(playback: Playback) -> tuple[Playback, ...]:
    """Those who are kept warm once this one is left."""
    left = playback.waiting if playback.spoken is not None else playback
    warm = playback.warm
    if left is not None and left.codec and left.state is not PlayState.STOPPED:
        aside = replace(
            left,
            state=PlayState.PAUSED,
            live=False,
            position=left.tape_end if left.position is None else left.position,
            queue=(),
            missed=frozenset(),
            warm=(),
            coming=None,
            recordings=(),
            sleep=None,
        )
        warm = (aside, *(one for one in warm if one.key != left.key))
    return warm[: playback.most_warm]
