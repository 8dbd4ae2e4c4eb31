"""Rate and silence of stories and episodes: pure steps from one snapshot to the next."""

from __future__ import annotations

from msgspec.structs import replace

from radiotui.player.events import ApplySound, Commands, Notify
from radiotui.player.intents import (
    ChangeRate,
    EpisodeSound,
    SetEpisodeSound,
    SetRate,
    ToggleSkipSilence,
)
from radiotui.player.state import PlayerState

SoundIntent = SetRate | ChangeRate | ToggleSkipSilence | SetEpisodeSound
SLOWEST, FASTEST = 0.5, 3.0
Step = tuple[PlayerState, Commands]


def obey(state: PlayerState, intent: SoundIntent) -> Step:
    """Step of such an intent. What plays goes on meanwhile."""
    match intent:
        case SetRate(rate):
            return _with_rate(state, rate)
        case ChangeRate(by):
            return _change_rate(state, by)
        case ToggleSkipSilence():
            return _toggle_skip_silence(state)
        case SetEpisodeSound(key, sound):
            is_at_ear = state.story is not None and state.story.key == key
            return _with_sound(state, sound) if is_at_ear else (state, ())


def rate_words(rate: float) -> str:
    """ "1.3 times as fast"."""
    return "As fast as it was spoken" if rate == 1.0 else f"{rate:g} times as fast"


def _with_rate(state: PlayerState, rate: float) -> Step:
    """Another rate: of the episode alone, where its podcast has a rate of its own."""
    rate = round(min(FASTEST, max(SLOWEST, rate)), 2)
    sound = state.current.sound
    if sound.rate is not None:
        return _with_sound(state, replace(sound, rate=rate))
    after = replace(state, rate=rate)
    return after, (ApplySound(),) if after.play_rate != state.play_rate else ()


def _change_rate(state: PlayerState, by: float) -> Step:
    before = state.current.sound.rate or state.rate
    after, commands = _with_rate(state, before + by)
    rate = after.current.sound.rate or after.rate
    words = rate_words(rate)
    if rate == before:
        words = "Faster is not possible" if by > 0 else "Slower is not possible"
    hint = "" if state.story is not None else "of stories and episodes: radio is heard as it comes"
    return after, (*commands, Notify(words, hint))


def _toggle_skip_silence(state: PlayerState) -> Step:
    sound, own = state.current.sound, state.current.sound.skips_silence
    if own is not None:
        after, commands = _with_sound(state, replace(sound, skips_silence=not own))
        is_skipped = not own
    else:
        after = replace(state, skip_silence=not state.skip_silence)
        commands = (ApplySound(),) if after.skips_silence != state.skips_silence else ()
        is_skipped = after.skip_silence
    words = "Silence in episodes is skipped" if is_skipped else "Silence is heard as it is"
    return after, (*commands, Notify(words))


def _with_sound(state: PlayerState, sound: EpisodeSound) -> Step:
    after = state.with_current(replace(state.current, sound=sound))
    return after, (ApplySound(),)
