"""The tape on the screen: keys, mouse, what is said, and what is shown of it."""

import re
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest
from msgspec.structs import replace
from textual.geometry import Region

from radiotui.guide.model import OnAir
from radiotui.player.state import PlayState, Sleep
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.recording.model import Recording
from radiotui.ui.kit.textual_private import LiveWidget
from radiotui.ui.widgets.player.player_bar import PlayerBar
from tests.snapshots import changed
from tests.ui.stage import NOW, on_air, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless
from tests.ui.test_player import BROKEN, story
from tests.ui.textual_private import notifications, running_timers, tap_screen

MARKS = (
    Mark(0.0, NOW - timedelta(minutes=10), "programme", "Fresh Air"),
    Mark(60.0, NOW - timedelta(minutes=9), "title", "Miles Davis - So What"),
    Mark(300.0, NOW - timedelta(minutes=5), "programme", "All Things Considered"),
    Mark(420.0, NOW - timedelta(minutes=3), "reconnect"),
    Mark(540.0, NOW - timedelta(minutes=1), "title", "Nina Simone - Sinnerman"),
)
TAPE = {"tape_end": 604.0, "marks": MARKS, "position": 600.0, "heard_at": NOW}
BEHIND = {
    **TAPE,
    "live": False,
    "position": 120.0,
    "behind": 484.0,
    "title": "Miles Davis - So What",
    "heard_at": NOW - timedelta(minutes=8),
    "programme": "Fresh Air",
    "programme_at": NOW - timedelta(minutes=67),
    "programme_until": NOW - timedelta(minutes=7),
}
COMING = playing(
    station="kjzz",
    station_name="KJZZ Phoenix",
    stream="news",
    state=PlayState.CONNECTING,
    position=None,
    live=False,
)


def asked(r) -> list[tuple]:
    return [ask for ask in r.companion.asked if ask[0] not in {"look_at", "play"}]


def bar(r) -> tuple[int, int, str]:
    """Where the bar of the tape begins (column and line), and what it looks like."""
    y, line = next((y, line) for y, line in enumerate(r.player.splitlines()) if "┤" in line)
    start = line.index("├") + 1
    return start, y, line[start : line.index("┤")]


def column(line: str, at: float) -> int:
    """The column of a place of TAPE: half an hour from 2:55 PM, which is before its beginning."""
    return round((at + 150) / 1800 * (len(line) - 1))


@pytest.mark.parametrize(
    ("key", "ask"),
    [
        ("left", ("move", -10)),
        ("right", ("move", 10)),
        ("shift+left", ("move", -60)),
        ("shift+right", ("move", 60)),
        ("l", ("live",)),
        ("b", ("beginning",)),
        ("comma", ("mark", -1)),
        ("full_stop", ("mark", 1)),
        ("k", ("keep_song",)),
        ("r", ("record",)),
    ],
)
@pytest.mark.parametrize("pane", ["1", "2", "3"])
async def test_the_tapes_keys_work_in_every_pane(radio, key, ask, pane):
    async with radio() as r:
        await r.press("enter", "2", "enter", pane, key)
        assert asked(r)[-1] == ask


async def test_arrows_stay_where_text_is_typed(radio):
    async with radio() as r:
        await r.press("enter", "/", "a", "left", "shift+left", "right", "comma", "k")
        assert not [ask for ask in asked(r) if ask[0] in {"move", "mark", "keep_song"}]


async def test_nothing_is_moved_where_nothing_is_tuned(radio):
    async with radio() as r:
        await r.press("left", "l", "r", "k", "s")
        assert asked(r) == []


async def test_one_word_at_a_time_is_said_about_moving(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        r.companion.words = ["This is as far back as the tape goes"] * 6 + ["Live"]
        await r.press(*["left"] * 6)
        assert r.text.count("This is as far back as the tape goes") == 1
        await r.press("l")
        assert "as far back" not in r.text
        assert "Live" in r.text


async def test_other_words_stay_beside_the_one_about_moving(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        r.companion.say("Kept: So What (9:22)", "/music/So What.mp3")
        r.companion.say("Kept: Sinnerman (10:20)", "/music/Sinnerman.mp3")
        r.companion.words = ["Live", "This is live"]
        await r.press("l", "l")
        for word in ("Kept: So What", "Kept: Sinnerman", "/music/Sinnerman.mp3", "This is live"):
            assert word in r.text


async def test_a_word_is_information_and_a_problem_a_warning(radio):
    async with radio() as r:
        r.companion.say("Kept it")
        await r.tell(Problem("The disk is full"))
        severities = {n.message: n.severity for n in notifications(r.app)}
        assert severities == {"Kept it": "information", "The disk is full": "warning"}


# The line


@pytest.mark.parametrize(("columns", "least"), [(80, 25), (120, 75), (200, 150)])
async def test_the_bar_shows_marks_ear_and_live_and_grows_with_the_screen(radio, columns, least):
    async with radio(columns, 36) as r:
        await r.tell(playing(**BEHIND))
        _, y, line = bar(r)
        assert len(line) >= least
        assert line.index("●") == column(line, 120)
        for at, glyph in ((60, "┴"), (300, "╂"), (420, "╳"), (540, "┴")):
            assert line[column(line, at)] == glyph
        # What is ahead is hatched, what is not on the tape has the ruler alone.
        assert line[column(line, 480)] == "▒"
        assert set(line[column(line, 600) + 1 :]) == set("┈╵")
        assert set(line[: column(line, 0)]) <= set("┈╵")
        assert "◀ 8:00 BEHIND" in r.lines[0]
        assert "┤ live" in r.lines[y] or "┤ 3:25 PM  live" in r.lines[y]
        assert ("from 2:59 PM" in r.lines[y]) == (columns >= 100)
        assert "Miles Davis" in r.player
        await r.tell(playing(**TAPE))
        line = bar(r)[2]
        assert line.index("●") == column(line, 600)
        assert "▒" not in line
        assert r.lines[y].rstrip().endswith("live")


async def test_the_programmes_stretch_and_what_is_heard_of_it_stand_out(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        _, y, line = bar(r)
        assert line[column(line, 330)] == "━"
        assert line[column(line, 30)] == "─"
        assert line[column(line, 150)] == "┼", "3:00 PM"
        assert r.lines[y].strip().startswith("2:55 PM ├")
        assert "┤ 3:25 PM  live" in r.lines[y]


async def test_the_scale_stays_while_the_tape_grows_and_the_ears_cells_alone_are_drawn(
    radio, monkeypatch
):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        start, y, line = bar(r)
        drawn: list[Region] = []
        refresh = PlayerBar.refresh
        monkeypatch.setattr(
            PlayerBar, "refresh", lambda self, *a, **k: (drawn.extend(a), refresh(self, *a, **k))[1]
        )
        later = {"position": 620.0, "tape_end": 624.0, "heard_at": NOW + timedelta(seconds=20)}
        await r.tell(playing(**{**TAPE, **later}))
        assert bar(r)[:2] == (start, y)
        assert len(bar(r)[2]) == len(line)
        (region,) = drawn
        assert (region.y, region.height) == (y, 1)
        assert region.width <= 3
        assert region.x <= start + bar(r)[2].index("●") <= region.right


async def test_behind_live_the_programme_is_the_one_of_then(radio):
    async with radio() as r:
        await r.tell(on_air(), playing(**BEHIND))
        _, second, third, _, fifth, _ = r.player.splitlines()
        assert "Fresh Air" in second
        assert "2:00 PM ━" in fifth
        assert "3:00 PM" in fifth
        assert fifth.count("━") > 0.8 * (fifth.count("━") + fifth.count("─"))
        assert second.rstrip().endswith("NEXT 3:00 PM All Things Considered")
        assert third.rstrip().endswith("5:00 PM Marketplace")
        assert r.lines[0].rstrip().endswith("3:07 PM")
        await r.tell(playing(**TAPE))
        second = r.player.splitlines()[1]
        assert "All Things Considered" in second
        assert second.rstrip().endswith("NEXT 5:00 PM Marketplace")
        await r.pilot.resize_terminal(120, 29)
        await r.tell(playing(**BEHIND))
        second = r.player.splitlines()[1]
        assert "next 3:00 PM All Things Considered" in second
        assert "Marketplace" not in second


async def test_behind_live_in_the_programme_of_now_its_host_and_what_follows_stay(radio):
    async with radio(160, 36) as r:
        now = on_air().now
        assert now is not None
        now = replace(now, host="Ailsa Chang")
        behind = {**BEHIND, "programme": now.title, "programme_at": now.start}
        await r.tell(replace(on_air(), now=now), playing(**TAPE, programme=now.title))
        live = r.player
        await r.tell(playing(**{**behind, "heard_at": NOW - timedelta(minutes=4)}))
        for player in (live, r.player):
            _, second, third, *_ = player.splitlines()
            assert "All Things Considered" in second
            assert "with Ailsa Chang" in third
            assert second.rstrip().endswith("NEXT 5:00 PM Marketplace")
        await r.pilot.resize_terminal(160, 29)
        await r.settle()
        second = r.player.splitlines()[1]
        assert "All Things Considered  with Ailsa Chang" in second
        assert "next 5:00 PM Marketplace" in second


async def test_a_programme_of_then_without_an_end_says_since_when(radio):
    async with radio() as r:
        await r.tell(on_air(), playing(**{**BEHIND, "programme_until": None}))
        assert "since 2:00 PM" in r.player


async def test_behind_live_but_in_the_programme_of_now_its_name_is_known(radio):
    async with radio() as r:
        here = {"programme": "", "heard_at": NOW - timedelta(minutes=2)}
        await r.tell(on_air(), playing(**{**BEHIND, **here}))
        assert "All Things Considered" in r.player
        await r.tell(playing(**{**BEHIND, **here, "heard_at": NOW - timedelta(minutes=20)}))
        assert "All Things Considered" not in r.player
        assert "No programme information" in r.player


async def test_the_tapes_programme_is_shown_where_nobody_publishes_one(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE, programme="Jazz Night"), OnAir("knau", "news"))
        assert "Jazz Night" in r.player


async def test_while_the_station_is_away_the_tape_has_an_end_and_no_live(radio):
    async with radio(160, 36) as r:
        await r.tell(playing(**{**BEHIND, "off_air": True, "problem": BROKEN}))
        *_, fourth, _, sixth = r.player.splitlines()
        assert "⚠ KNAU: the connection broke" in fourth
        assert "┤ 3:25 PM  end" in sixth
        assert "◀ 8:00 BEHIND" in r.lines[0]


async def test_nasty_marks_are_text(radio):
    async with radio(200, 36) as r:
        marks = tuple(replace(mark, text=NASTY) for mark in MARKS)
        await r.tell(playing(**{**BEHIND, "marks": marks, "title": NASTY, "programme": NASTY}))
        start, y, line = bar(r)
        await r.pilot.hover(offset=(start + len(line) // 2, y))
        await r.settle()
        assert r.player.count(SHOWN) == 3
        await r.press("K")
        assert r.text.count(SHOWN) >= 3
        assert harmless(r)
        await r.press("escape", "s")
        assert SHOWN in r.text
        assert harmless(r)


# The mouse


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
async def test_a_click_on_the_bar_goes_there(radio, size, share):
    async with radio(*size) as r:
        await r.tell(playing(**BEHIND))
        start, y, line = bar(r)
        clicked = round(share * (len(line) - 1))
        await r.pilot.click(offset=(start + clicked, y))
        await r.settle()
        ((what, at),) = asked(r)
        assert what == "go_to"
        # Beside the sound it is its nearest end.
        place = clicked / (len(line) - 1) * 1800.0 - 150.0
        assert at == pytest.approx(min(600.0, max(0.0, place)))


async def test_a_low_wide_screen_has_a_bar_where_one_is_behind(radio):
    async with radio(100, 20) as r:
        await r.tell(playing(**BEHIND))
        line = r.lines[1]
        assert "Fresh Air · Miles Davis" in line
        await r.pilot.click(offset=(line.index("├") + 1, 1))
        await r.settle()
        assert asked(r) == [("go_to", 0.0)]
        await r.tell(on_air(), playing(**TAPE))
        assert "├" not in r.player
        assert "until 5:00 PM" in r.player


async def test_dragging_goes_where_it_ends_also_beyond_the_bar(radio):
    async with radio() as r:
        await r.tell(playing(**BEHIND))
        start, y, _ = bar(r)
        player = r.main.query_one("PlayerBar")
        await r.pilot.mouse_down(offset=(start + 5, y))
        await r.pilot.hover(offset=(start + 20, y + 6))
        await r.settle()
        assert "→ " in r.lines[y - 1]
        assert asked(r) == []
        await r.pilot.hover(offset=(1, y + 6))
        await r.pilot.mouse_up(offset=(1, y + 6))
        await r.settle()
        assert asked(r) == [("go_to", 0.0)]
        assert r.app.mouse_captured is None
        assert player.pointed is None


async def test_pointing_says_what_is_there_and_the_bar_stays_where_it_is(radio):
    async with radio() as r:
        await r.tell(playing(**BEHIND))
        start, y, line = bar(r)
        await r.pilot.hover(offset=(start + column(line, 570), y))
        await r.settle()
        assert bar(r) == (start, y, line)
        above = r.lines[y - 1]
        assert "→ 3:0" in above
        assert "behind · Nina Simone — Sinnerman" in above
        assert abs(above.index("→") - start - column(line, 570)) <= 1
        await r.pilot.hover(offset=(start + column(line, 330), y))
        await r.settle()
        assert "Miles Davis" in r.lines[y - 1]
        await r.pilot.hover(offset=(40, 20))
        await r.settle()
        assert "→" not in r.lines[y - 1]
        assert "2:00 PM ━" in r.lines[y - 1]
        assert asked(r) == []


async def test_an_advertisement_is_said_to_be_one_where_it_is_pointed_to(radio):
    async with radio() as r:
        ad = Mark(300.0, NOW, "title", "Buy", ad=True)
        await r.tell(playing(**{**TAPE, "marks": (ad,)}))
        start, y, line = bar(r)
        assert line[column(line, 300)] == "┬"
        await r.pilot.hover(offset=(start + column(line, 500), y))
        await r.settle()
        assert "· advertisement" in r.lines[y - 1]
        assert "Buy" not in r.text


async def test_a_click_on_the_bar_of_a_story_goes_there(radio):
    async with radio() as r:
        await r.tell(story())
        line = r.lines[5]
        start, end = line.index("━"), line.rindex("─")
        await r.pilot.hover(offset=((start + end) // 2, 5))
        await r.settle()
        assert "→ 1:3" in r.lines[4]
        await r.pilot.click(offset=(end, 5))
        await r.settle()
        assert asked(r) == [("go_to", 192.0)]


async def test_a_click_on_live_goes_live_and_on_nothing_nowhere(radio):
    async with radio() as r:
        await r.tell(playing(**BEHIND))
        await r.pilot.click(offset=(r.lines[5].index("live"), 5))
        await r.settle()
        assert asked(r) == [("live",)]
        await r.click("from 2:59 PM")
        await r.click("Miles Davis")
        assert asked(r) == [("live",)]


async def test_a_mouse_that_lets_go_elsewhere_has_taken_hold_of_nothing(radio):
    async with radio() as r:
        await r.tell(playing(**BEHIND))
        start, y, _ = bar(r)
        await r.pilot.mouse_down(offset=(5, 15))
        await r.pilot.mouse_up(offset=(start + 3, y))
        await r.settle()
        assert asked(r) == []


# Stations that come, and that are warm


async def test_what_comes_is_told_in_one_line_while_the_other_is_heard(radio):
    async with radio() as r:
        await r.press("enter")
        await r.tell(playing(**TAPE, pending=COMING))
        first, _, third, *_ = r.player.splitlines()
        assert "● LIVE  KNAU Arizona Public Radio" in first
        assert "→ KJZZ Phoenix is being tuned to" in third
        assert "→" in r.row("KJZZ News", "air")
        assert "tuning" in r.row("KJZZ News", "air")
        assert "●" in r.row("News & Talk", "air")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_what_comes_and_does_not_says_why_and_when_again(radio, size):
    async with radio(*size) as r:
        refused = Problem("KJZZ refused the connection (403)", "it may be blocked in your country")
        coming = changed(COMING, problem=refused, retry_at=NOW + timedelta(seconds=3.2))
        await r.tell(playing(**TAPE, pending=coming))
        (line,) = [line for line in r.player.splitlines() if "refused" in line]
        roomy = "→ KJZZ Phoenix  ⚠ KJZZ refused the con"
        assert (roomy if size[0] > 60 else "→ ⚠ KJZZ refused") in line
        assert "again in 4 s" in line
        assert "● LIVE" in r.player


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_what_does_not_come_hides_nothing_of_what_is_heard(radio, size):
    async with radio(*size) as r:
        refused = Problem("KJZZ refused the connection (403)", "it may be blocked in your country")
        await r.tell(playing(**BEHIND))
        *_, alone = r.player.splitlines()
        assert "8:00 behind" in r.player.lower()
        assert "Davis" in r.player
        await r.tell(playing(**BEHIND, pending=changed(COMING, problem=refused, retry_at=NOW)))
        assert r.player.splitlines()[-1] == alone
        assert "8:00 behind" in r.player.lower() or "◀ 8:00" in r.player
        assert "Davis" in r.player
        assert ("├" in alone) == (size[0] > 60)


async def test_escape_gives_up_the_tuning_and_then_steps_out(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE, pending=COMING))
        await r.press("2", "escape")
        assert (asked(r), r.main.pane) == ([("CancelTuning",)], "stories")
        await r.tell(playing(**TAPE))
        await r.press("escape")
        assert (asked(r), r.main.pane) == ([("CancelTuning",)], "air")


async def test_the_keep_sheet_is_of_the_station_that_waits(radio):
    async with radio() as r:
        await r.tell(changed(story(), waiting=playing(**BEHIND)))
        await r.press("K")
        assert "This song  Miles Davis — So What" in r.text
        assert "Fresh Air" in r.text


async def test_another_stream_of_the_station_is_called_by_its_own_name(radio):
    async with radio() as r:
        coming = changed(COMING, station="knau", stream="classical", stream_name="Classical")
        await r.tell(playing(**TAPE, pending=coming))
        assert "→ Classical is being tuned to" in r.player


async def test_warm_stations_are_marked(radio):
    async with radio() as r:
        await r.press("enter")
        warm = changed(playing(), station="kunm", stream="main", state=PlayState.PAUSED)
        await r.tell(playing(**TAPE, ready=(warm, changed(warm, station="kjzz", stream="news"))))
        assert "○ KUNM" in r.row("KUNM", "air")
        assert "warm" in r.row("KUNM", "air")
        assert "○" in r.row("KJZZ Phoenix", "air")
        await r.tell(playing(**TAPE))
        assert "○" not in r.pane("air")
        assert "warm" not in r.pane("air")


# Recording, sleeping, loudness


def recording(number: int = 1, seconds: float = 724.0, **changes: Any) -> Recording:
    return Recording(number, "knau", "news", "KNAU", "KNAU", NOW, seconds, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recordings": (recording(),)}, "● REC 12:04"),
        ({"recordings": (recording(), recording(2, seconds=1.0))}, "● REC ×2 12:04"),
        ({"recordings": (recording(kind="song"),)}, "● KEEPING 12:04"),
        ({"recordings": (recording(kind="song"), recording(2))}, "● REC 12:04"),
        ({"sleep": Sleep("minutes", NOW + timedelta(minutes=22, seconds=10))}, "☾ 23 min"),
        ({"sleep": Sleep("minutes", NOW + timedelta(seconds=40))}, "☾ 40 s"),
        ({"sleep": Sleep("programme")}, "☾ end of programme"),
        ({"sleep": Sleep("song")}, "☾ end of song"),
        ({"mute_ads": True, "ad": True}, "♪ ads muted"),
        ({"mute_ads": True, "ad": True, "muted": True}, "♪ muted"),
        ({"mute_ads": True}, "♪ 72%"),
    ],
)
async def test_every_state_is_told_by_a_glyph_and_a_word(radio, changes, words):
    async with radio() as r:
        await r.tell(playing(**TAPE, **changes))
        assert words in r.lines[0]


async def test_a_copy_that_is_made_in_a_moment_is_no_recording(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE, recordings=(recording(kind="cut"),)))
        assert "REC" not in r.player
        assert "KEEPING" not in r.player


async def test_the_end_of_a_story_is_told_as_that(radio):
    async with radio() as r:
        await r.tell(story(sleep=Sleep("song")))
        assert "☾ end of story" in r.lines[0]


@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_everything_at_once_fits_on_a_small_screen(radio, size):
    async with radio(*size) as r:
        r.companion.loudness = 0.5
        everything = {
            "recordings": (recording(), recording(2)),
            "sleep": Sleep("programme"),
            "engine": "silent",
        }
        await r.tell(playing(**{**BEHIND, **everything}))
        assert {len(line) for line in r.lines} == {size[0]}
        for words in ("BEHIND", "no sound", "☾", "● REC", "♪ 72%", "3:07 PM"):
            assert words in r.lines[0]
        assert "8:00 behind" in r.player.lower()
        lost = {"behind": 0.0, "off_air": True, "problem": BROKEN, "retry_at": NOW}
        await r.tell(playing(**{**BEHIND, **everything, **lost}))
        assert "◌ RECONNECTING" in r.lines[0]


async def test_a_click_on_what_is_going_on_changes_it(radio):
    async with radio() as r:
        sleep = Sleep("minutes", NOW + timedelta(minutes=22))
        await r.tell(playing(**TAPE, recordings=(recording(),), sleep=sleep))
        await r.click("● REC")
        assert asked(r) == [("record",)]
        await r.click("☾ 22 min")
        assert "Not at all: stay awake" in r.text


async def test_the_footer_says_what_the_key_for_recording_would_do(radio):
    async with radio() as r:
        await r.press("enter")
        assert "r record" in r.lines[-1]
        await r.tell(playing(**TAPE, recordings=(recording(),)))
        assert "r end recording" in r.lines[-1]


async def test_even_loudness_and_muted_advertisements_are_switched_and_said(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        await r.press("v")
        assert not r.companion.player_state.level_loudness
        assert "Loudness is left as it is" in r.text
        await r.press("v")
        assert "Every stream is as loud as the others" in r.text
        await r.press("M")
        assert r.companion.player_state.mute_ads
        assert "Advertisements are muted" in r.text


# The level


def meter(r) -> str:
    return "".join(cell for cell in r.lines[0] if cell in "▁▂▃▄▅▆▇█")


async def beat(r, *levels: float) -> None:
    player = r.main.query_one(PlayerBar)
    for level in levels:
        r.companion.loudness = level
        player.draw_level()
    await r.settle()


async def test_the_level_is_shown_while_something_plays(radio):
    async with radio() as r:
        r.companion.loudness = 0.0
        await r.tell(playing(**TAPE))
        assert meter(r) == "▁" * 8
        await beat(r, 0.0, 0.5, 1.0, 0.25)
        # A beat of the clock between two of these shows a level twice.
        levels = "".join(level for level, _ in groupby(meter(r)))
        assert levels.endswith("▁▅█▃")
        await r.tell(playing(**TAPE, muted=True))
        assert meter(r) == ""
        await r.tell(playing(**{**TAPE, "state": PlayState.PAUSED, "live": False}))
        assert meter(r) == ""


async def test_while_the_level_moves_its_cells_alone_are_sent(radio, monkeypatch):
    async with radio() as r:
        r.companion.loudness = 0.0
        await r.tell(playing(**TAPE, station_name="局 KNAU"))
        sent: list[str] = []
        tap_screen(r.app, monkeypatch, sent.append)
        await beat(r, 0.5, 1.0)
        cells = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", "".join(sent))
        assert "█" in cells
        assert set(cells) <= set("▁▂▃▄▅▆▇█")


async def test_where_nobody_knows_the_level_there_is_none(radio):
    async with radio() as r:
        await r.tell(playing(**TAPE))
        assert meter(r) == ""
        r.companion.loudness = 0.3
        await r.tell(playing(**{**TAPE, "position": 599.0}))
        assert meter(r)
        r.companion.loudness = None
        r.main.query_one(PlayerBar).draw_level()
        await r.settle()
        assert meter(r) == ""


async def test_the_name_of_the_station_goes_before_the_level(radio):
    async with radio(60, 16) as r:
        r.companion.loudness = 0.3
        await r.tell(playing(**TAPE))
        assert "KNAU Arizona Public Radio" in r.lines[0]
        assert meter(r) == ""
        await r.tell(playing(**TAPE, station_name="FIP", stream_name="FIP"))
        assert len(meter(r)) == 6


def beats(r) -> bool:
    """Whether the level is looked at, some times a second."""
    return running_timers(r.main.query_one(PlayerBar)) > 0


async def test_the_level_rests_while_nothing_of_it_is_seen(radio):
    async with radio() as r:
        r.companion.loudness = 0.3
        assert not beats(r)
        await r.tell(playing(**TAPE))
        assert beats(r)
        await r.press("?")
        assert not beats(r)
        await r.press("escape")
        assert beats(r)
        await r.tell(playing(**{**TAPE, "state": PlayState.PAUSED, "live": False}))
        assert not beats(r)


async def test_where_nothing_is_to_move_there_is_no_level(radio, monkeypatch):
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")
    async with radio() as r:
        r.companion.loudness = 0.3
        await r.tell(playing(**TAPE))
        r.main.tick()
        await r.settle()
        assert meter(r) == ""
        assert r.companion.looks == 0


async def test_the_level_draws_its_own_cells_and_nothing_else(radio, monkeypatch):
    # The test alone beats.
    monkeypatch.setattr("radiotui.ui.widgets.player.player_bar.BEATS", 1 / 3600)
    async with radio() as r:
        r.companion.loudness = 0.0
        await r.tell(playing(**TAPE))
        drawn: list[Region] = []
        monkeypatch.setattr(PlayerBar, "refresh", lambda *_: pytest.fail("all of it is drawn"))
        monkeypatch.setattr(
            *(PlayerBar, "draw_at_once"),
            lambda bar, region: (drawn.append(region), LiveWidget.draw_at_once(bar, region))[1],
        )
        await beat(r, 0.0)
        assert drawn == []
        await beat(r, 0.7)
        (region,) = drawn
        assert (region.size.width, region.size.height) == (8, 1)
        assert r.lines[0][region.x + 1 : region.right + 1] == meter(r)


async def test_a_mouse_that_is_taken_away_while_dragging_leaves_nothing_held(radio):
    async with radio() as r:
        await r.tell(playing(**BEHIND))
        start, y, _ = bar(r)
        await r.pilot.mouse_down(offset=(start + 5, y))
        await r.tell(playing(state=PlayState.STOPPED, position=None, live=False))
        await r.pilot.mouse_up(offset=(start + 5, y))
        await r.settle()
        assert asked(r) == []
        assert r.app.mouse_captured is None
