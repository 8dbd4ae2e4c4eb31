"""Episodes as their podcast is set: rate, gain, what is skipped; and how loud they are measured."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from radiotui.audio.loudness_norm import Loudness
from radiotui.player.episodes import EpisodeAnswers
from radiotui.player.intents import (
    EpisodeSound,
    GoToPlace,
    PlayItem,
    SetEpisodeSound,
    SetRate,
    ToggleLevelLoudness,
    ToggleSkipSilence,
)
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from tests.servers import serving
from tests.services.episode_host import host
from tests.services.player_lab import Listener
from tests.sounds import encode

LUFS = -14.6
"""How loud the clock station is, by FFmpeg's ebur128."""
PAUSES = ((5.0, 25.0), (30.0, 50.0))


def episode(url: str) -> QueueItem:
    return QueueItem(key="7", url=url, title="The Bells", kept="one")


class Answers:
    """What is set for the podcast, and what the player tells of it."""

    def __init__(self, sound: EpisodeSound, loudness: Loudness | None = None) -> None:
        self.told: list[Loudness] = []
        self._answer = sound, loudness

    async def _sound_of(self, _item: QueueItem) -> tuple[EpisodeSound, Loudness | None]:
        return self._answer

    def of(self, folder: Path, *, pace: bool = True, left_at: float = 0.0) -> Listener:
        """A listener who is given these answers."""

        async def heard_to(_item: QueueItem) -> float:
            return left_at

        answers = EpisodeAnswers(
            heard_to=heard_to,
            sound_of=self._sound_of,
            on_loudness=lambda _item, loudness: self.told.append(loudness),
        )
        return Listener(folder, pace=pace, answers=answers)


def place(state: PlayerState) -> float:
    return state.current.position or 0.0


async def test_an_episode_begins_as_its_podcast_is_set(tmp_path: Path) -> None:
    sound = EpisodeSound(rate=2.0, skips_silence=True, gain_db=-3.0, intro=12.0)
    listener = Answers(sound).of(tmp_path)
    with serving(episode=host(encode("mp3", 40.0))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until_playing()
        assert (state.play_rate, state.rate, state.skips_silence) == (2.0, 1.0, True)
        assert 12.0 <= place(state) < 20.0
        state = await listener.until(lambda p: p.current.gain_db == -3.0)
        listener.player.do(ToggleLevelLoudness())
        assert listener.player.state.current.gain_db == -3.0
        # Who wants to hear the intro goes there.
        listener.player.do(GoToPlace(1.0))
        state = await listener.until(lambda p: 1.0 < place(p) < 12.0)
        listener.player.do(SetEpisodeSound("7", EpisodeSound(rate=0.5)))
        state = await listener.until(lambda p: p.play_rate == 0.5)
        assert not state.skips_silence
    await listener.close()


@pytest.mark.parametrize(("left_at", "begins"), [(0.0, 12.0), (5.0, 12.0), (30.0, 30.0)])
async def test_the_intro_is_skipped_by_who_was_not_past_it(
    tmp_path: Path, left_at: float, begins: float
) -> None:
    listener = Answers(EpisodeSound(intro=12.0)).of(tmp_path, left_at=left_at)
    with serving(episode=host(encode("mp3", 60.0))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until_playing()
        assert begins <= place(state) < begins + 10.0
    await listener.close()


async def test_an_episode_that_is_all_intro_is_heard(tmp_path: Path) -> None:
    listener = Answers(EpisodeSound(intro=100.0)).of(tmp_path)
    with serving(episode=host(encode("mp3", 20.0))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        assert place(await listener.until_playing()) < 15.0
    await listener.close()


async def test_the_outro_ends_it_and_is_heard_by_who_goes_there(tmp_path: Path) -> None:
    listener = Answers(EpisodeSound(rate=3.0, outro=20.0)).of(tmp_path, left_at=30.0)
    with serving(episode=host(encode("mp3", 60.0))) as server:
        item = episode(server.url("/episode"))
        listener.player.do(PlayItem(item))
        await listener.until_playing()
        await listener.until(lambda p: p.state is PlayState.STOPPED)
        at = [place(told) for told in listener.told if told.story]
        assert 40.0 <= max(at) < 50.0
        listener.player.do(PlayItem(item))
        await listener.until_playing()
        listener.player.do(GoToPlace(45.0))
        await listener.until(lambda p: place(p) > 52.0)
        await listener.until(lambda p: p.state is PlayState.STOPPED)
    await listener.close()


async def test_a_rate_that_changes_is_no_other_play(tmp_path: Path) -> None:
    listener = Answers(EpisodeSound()).of(tmp_path)
    with serving(episode=host(encode("m4a", 60.0))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        before = await listener.until_playing()
        listener.player.do(SetRate(3.0))
        state = await listener.until(lambda p: place(p) > 6.0)
        assert (state.play_id, state.play_rate) == (before.play_id, 3.0)
    await listener.close()


async def test_the_place_is_right_where_silence_is_skipped(tmp_path: Path) -> None:
    listener = Answers(EpisodeSound()).of(tmp_path)
    with serving(episode=host(encode("mp3", 60.0, pauses=PAUSES))) as server:
        listener.player.do(ToggleSkipSilence())
        listener.player.do(SetRate(3.0))
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        await listener.until_playing()
        await listener.until(lambda p: p.state is PlayState.STOPPED)
    at = [place(told) for told in listener.told if told.story]
    # Nobody waits for it in its pauses: 0.3 s are left of each.
    assert not [where for where in at if any(b + 0.8 < where < e - 0.2 for b, e in PAUSES)]
    assert max(at) == pytest.approx(60.0, abs=4.0)
    await listener.close()


async def test_it_is_even_and_has_a_level_before_it_is_whole(tmp_path: Path) -> None:
    """The host sends a third faster than is heard: it is measured as it is heard."""
    answers = Answers(EpisodeSound())
    listener = answers.of(tmp_path)
    body = encode("mp3", 60.0)
    with serving(episode=host(body, pace=len(body) // 45)) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until(lambda p: p.current.gain_db != 0.0)
        assert state.current.gain_db == pytest.approx(-18 - LUFS, abs=1.0)
        async with asyncio.timeout(30):
            while (level := listener.player.level()) is None:
                await asyncio.sleep(0.05)
        assert level == pytest.approx(1 + (-17.0 + state.current.gain_db) / 60, abs=0.03)
        assert len(server.asked) <= 2
    await listener.close()


async def test_the_loudness_of_a_podcast_is_told_and_then_used_from_the_first_second(
    tmp_path: Path,
) -> None:
    answers = Answers(EpisodeSound())
    listener = answers.of(tmp_path, pace=False)
    with serving(episode=host(encode("mp3", 100.0))) as server:
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        await listener.until(lambda p: p.state is PlayState.STOPPED and bool(answers.told))
        loudness = answers.told[-1]
        assert loudness.lufs == pytest.approx(LUFS, abs=1.0)
        await listener.close()
        # Measured for long enough, it stays as it is; a limiter lets it be louder than its peak.
        again = Answers(EpisodeSound(), Loudness(-26.0, -0.5, 700.0))
        listener = again.of(tmp_path)
        listener.player.do(PlayItem(episode(server.url("/episode"))))
        state = await listener.until_playing()
        assert state.current.gain_db == 0.0 or state.current.gain_db == 8.0
        state = await listener.until(lambda p: place(p) > 5.0)
        assert state.current.gain_db == 8.0
        await listener.close()
        assert again.told == []
