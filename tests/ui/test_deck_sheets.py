"""The sheets of the tape: what to keep, when to sleep, what the tapes cost."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.widgets import OptionList

from radiotui.audio.engine import DeviceReport
from radiotui.player.state import Cost, PlayState, Sleep
from radiotui.recording.model import Recording
from tests.snapshots import changed
from tests.ui.stage import NOW, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless
from tests.ui.test_player import story
from tests.ui.test_tape import BEHIND, COMING, TAPE, asked

SIZES = [(120, 36), (80, 24), (60, 16)]


def highlighted(r) -> str:
    option = r.app.screen.query_one(OptionList).highlighted_option
    return str(option.prompt)


@pytest.mark.parametrize("size", SIZES)
async def test_the_song_is_kept_with_one_key_and_enter(radio, size):
    async with radio(*size) as r:
        await r.tell(playing(**TAPE))
        await r.press("K")
        assert "This song  Nina Simone — Sinnerman" in r.text
        await r.press("enter")
        assert asked(r) == [("keep_song",)]
        assert "Keep" not in r.text.splitlines()[4]
        assert r.app.screen is r.main


@pytest.mark.parametrize(
    ("keys", "ask"),
    [
        (("down",), ("keep_minutes", 1)),
        (("down", "down"), ("keep_minutes", 5)),
        (("3", "0"), ("keep_minutes", 30)),
        (("1", "2"), ("keep_minutes", 12)),
        (("1", "2", "backspace"), ("keep_minutes", 1)),
        (("0", "0", "7"), ("keep_minutes", 7)),
        (("1", "2", "3", "4"), ("keep_minutes", 123)),
        (("G",), ("record",)),
        (("G", "up"), ("keep_programme",)),
        (("G", "g"), ("keep_song",)),
    ],
)
async def test_what_is_kept(radio, keys, ask):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        await r.press("K", *keys, "enter")
        assert asked(r) == [ask]


async def test_the_sheet_says_how_much_there_is(radio):
    async with radio() as r:
        await r.tell(playing(**BEHIND))
        await r.press("K")
        rows = r.text.splitlines()
        (one,) = [row for row in rows if "The last minute" in row]
        (five,) = [row for row in rows if "The last 5 minutes" in row]
        (programme,) = [row for row in rows if "This programme from its beginning" in row]
        assert "on tape" not in one
        assert "2:00 on tape" in five
        assert "Fresh Air" in programme
        assert "since 2:00 PM" in programme


async def test_between_songs_the_last_one_is_offered(radio):
    async with radio() as r:
        await r.tell(playing(**{**TAPE, "title": None}))
        await r.press("K")
        assert "The last song  Nina Simone — Sinnerman" in r.text


async def test_a_recording_is_stopped_from_the_sheet(radio):
    async with radio() as r:
        running = Recording(1, "knau", "news", "KNAU", "KNAU", NOW)
        await r.tell(playing(**TAPE, recordings=(running,)))
        await r.press("K", "G")
        assert "Stop recording" in highlighted(r)
        await r.tell(playing(**TAPE))
        assert "Record from here on" in highlighted(r)


@pytest.mark.parametrize("key", ["K", "escape", "q"])
async def test_the_sheet_is_put_away(radio, key):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        await r.press("K", key)
        assert r.app.screen is r.main
        assert asked(r) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "ask", "words"),
    [
        ((), ("sleep_in", 15), "☾ 15 min"),
        (("9", "0"), ("sleep_in", 90), "☾ 90 min"),
        (("7",), ("sleep_in", 7), "☾ 7 min"),
        (("G",), ("sleep_after", "song"), "song"),
        (("G", "up"), ("sleep_after", "programme"), "programme"),
    ],
)
async def test_when_to_sleep(radio, size, keys, ask, words):
    async with radio(*size) as r:
        await r.tell(playing(**BEHIND))
        await r.press("s", *keys, "enter")
        assert asked(r) == [ask]
        assert "☾" in r.lines[0]
        assert words in r.lines[0]


async def test_a_sleep_timer_is_taken_back(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        await r.press("s")
        assert "stay awake" not in r.text
        await r.press("escape")
        await r.tell(playing(**TAPE, sleep=Sleep("minutes", NOW + timedelta(minutes=9))))
        await r.press("s", "G", "enter")
        assert asked(r) == [("stay_awake",)]
        assert "☾" not in r.player


async def test_an_end_that_nobody_knows_is_not_offered_and_says_why(radio):
    async with radio() as r:
        await r.tell(playing(position=100.0, title=None))
        await r.press("s")
        assert "At the end of this programme: no programme is known here" in r.text
        assert "At the end of this song: no title is known here" in r.text
        await r.press("G")
        assert "In 90 minutes" in highlighted(r)
        # It is offered as soon as it is known.
        await r.tell(playing(**BEHIND))
        assert "At the end of this song  Miles Davis — So What" in r.text
        await r.press("G", "enter")
        assert asked(r) == [("sleep_after", "song")]


async def test_during_a_story_its_end_is_offered_and_no_programmes(radio):
    async with radio() as r:
        await r.tell(story())
        await r.press("s")
        assert "At the end of this story" in r.text
        assert "programme" not in r.text
        await r.press("G", "enter")
        assert asked(r) == [("sleep_after", "song")]


COSTS = (
    Cost("knau", "news", "KNAU Arizona Public Radio", 3600.0, 1_400_000, 28_800_000, 64),
    Cost("kunm", "main", "KUNM Albuquerque", 605.0, 900_000, 9_600_000, 128),
    Cost("kjzz", "news", "KJZZ Phoenix", 12.0, 16_000, 0, None),
)


@pytest.mark.parametrize("size", SIZES)
async def test_what_the_tapes_cost(radio, size):
    async with radio(*size) as r:
        r.companion.tapes = COSTS
        warm = changed(playing(), station="kunm", stream="main", state=PlayState.PAUSED)
        await r.tell(playing(**TAPE, ready=(warm,), pending=COMING, most_ready=1, gain_db=-3.24))
        await r.press("C")
        (knau,) = [row for row in r.lines if "1:00:00" in row]
        (kunm,) = [row for row in r.lines if "10:05" in row]
        (kjzz,) = [row for row in r.lines if "16 kB" in row]
        (together,) = [row for row in r.lines if "together" in row]
        for word in ("● KNAU", "tuned to", "1.4 MB", "28.8 MB", "64"):
            assert word in knau
        for word in ("○ KUNM", "warm", "900 kB", "9.6 MB", "128"):
            assert word in kunm
        for word in ("→ KJZZ", "tuning", "0:12", "0 kB", "?"):
            assert word in kjzz
        for word in ("2.3 MB", "38.4 MB", "192"):
            assert word in together
        assert "3.2 dB softer" in r.text
        assert "No station is kept warm" not in r.text
        await r.press("escape")
        assert r.app.screen is r.main


async def test_the_costs_are_looked_at_again(radio):
    async with radio() as r:
        r.companion.tapes = COSTS[:1]
        await r.tell(playing(**TAPE))
        await r.press("C")
        assert "together" not in r.text
        assert "warm = 2" in r.text
        r.companion.tapes = (replace(COSTS[0], seconds=61.0),)
        await r.tell(playing(**TAPE, level_loudness=False))
        assert "1:01" in r.text
        assert "as loud as it comes" in r.text


async def test_sound_that_broke_off_is_told_with_the_costs(radio):
    async with radio() as r:
        r.companion.tapes = COSTS[:1]
        r.companion.device = DeviceReport(12, 12, underruns=0, silence=0.0)
        await r.tell(playing(**TAPE))
        await r.press("C")
        assert "broke off" not in r.text
        r.companion.device = DeviceReport(24, 24, underruns=1, silence=0.14)
        await r.tell(playing(**TAPE, level_loudness=False))
        assert "broke off once, 0.1 s in all" in r.text
        r.companion.device = DeviceReport(48, 48, underruns=3, silence=0.52)
        await r.tell(playing(**TAPE))
        assert "broke off 3 times, 0.5 s in all: this computer was too busy" in r.text
        r.companion.device = DeviceReport(0, 0, underruns=2, silence=None)
        await r.tell(playing(**TAPE, level_loudness=False))
        assert "broke off 2 times: this computer was too busy" in r.text


async def test_nothing_taped_is_said(radio):
    async with radio() as r:
        await r.press("C")
        assert "Nothing is taped" in r.text


async def test_names_in_the_costs_are_text(radio):
    async with radio() as r:
        r.companion.tapes = (replace(COSTS[1], station_name=NASTY),)
        await r.tell(playing(**TAPE, ready=()))
        await r.press("C")
        assert SHOWN in r.text
        assert harmless(r)
