"""What the player says in each of its states."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from rich.segment import Segment
from textual.color import Color
from textual.events import MouseScrollDown, MouseScrollUp
from textual.strip import Strip

from radiotui.guide.model import OnAir, Programme
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.problems import Problem
from radiotui.radio.tape.marks import Mark
from radiotui.recording.model import Recording
from radiotui.ui.widgets.player.hero_lines import WORDMARK
from radiotui.ui.widgets.player.picture_place import initials, initials_lines
from radiotui.ui.widgets.player.player_bar import PlayerBar
from tests.ui.stage import KNAU, NOW, SIGNAL, Staged, at, on_air, playing

BROKEN = Problem("KNAU: the connection broke", "the network may be down")
SILENT = {"position": None, "live": False, "title": None, "codec": "", "bitrate_kbps": None}


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_before_anything_is_tuned_it_says_what_is_ready_and_what_to_press(radio, size):
    async with radio(*size) as r:
        await r.tell(on_air())
        assert "■ STOPPED" in r.player
        assert "KNAU Arizona Public Radio" in r.player
        assert "All Things Considered" in r.player
        assert "space plays" in r.player
        assert "enter tunes" in r.player
    async with radio(*size, companion=Staged(())) as r:
        assert "■ STOPPED" in r.player
        assert "enter tunes to a station" in r.player
        assert "space plays" not in r.player


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_without_a_network_it_says_so_and_leads_to_the_test_signal(radio, size):
    signal = replace(SIGNAL, id="test-signal", streams=(replace(SIGNAL.streams[0], id="signal"),))
    async with radio(*size, companion=Staged((KNAU, signal))) as r:
        r.companion.offline = True
        r.main.tick()
        await r.settle()
        assert "No network" in r.player
        assert "0 Test Signal" in r.player.replace("plays the ", "")
        assert "0 plays the Test Signal, which needs none" in r.text
        await r.press("0")
        assert ("play", "test-signal", "signal") in r.companion.asked
        assert "no network" in r.lines[0]
        assert r.main.air.highlighted_id == "test-signal"
        r.companion.offline = False
        r.main.tick()
        await r.settle()
        assert "no network" not in r.lines[0]


async def test_live_radio(radio):
    async with radio() as r:
        await r.press("enter")
        now = on_air().now
        assert now is not None
        hosted = replace(now, host="Ailsa Chang", episode="Tuesday")
        await r.tell(replace(on_air(), now=hosted))
        first, second, third, fourth, fifth, sixth = r.player.splitlines()
        assert "● LIVE  KNAU Arizona Public Radio · News & Talk" in first
        assert "AAC 64k" in first
        assert "♪ 72%" in first
        assert first.rstrip().endswith("3:07 PM")
        assert second.strip().startswith("All Things Considered   ")
        assert second.rstrip().endswith("NEXT 5:00 PM Marketplace")
        await r.tell(playing(bitrate_kbps=None))
        assert "AAC" not in r.player
        assert third.split() == ["KNAU", "with", "Ailsa", "Chang", "·", "Tuesday"]
        assert "♪ Sinnerman · Nina Simone" in fourth
        assert "3:00 PM ━" in fifth
        assert "╸" in fifth
        assert "5:00 PM   1 h 53 min left" in fifth
        assert sixth.rstrip().endswith("live")


@pytest.mark.parametrize(
    ("size", "count"), [((100, 30), 6), ((99, 30), 3), ((120, 29), 3), ((80, 24), 3), ((60, 16), 2)]
)
async def test_the_player_has_as_many_lines_as_there_is_room_for(radio, size, count):
    async with radio(*size) as r:
        await r.press("enter")
        assert len(r.player.splitlines()) == count
        await r.pilot.resize_terminal(100, 30)
        await r.settle()
        assert len(r.player.splitlines()) == 6


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_the_players_edge_tells_its_state(radio, size):
    def edges() -> list[str]:
        # Beneath where there is room for a line, else beside.
        styles = r.main.query_one("PlayerBar").styles
        edge = styles.border_bottom if size[1] >= 30 else styles.border_left
        right, colours = styles.border_right, r.app.theme_variables
        names = ("error", "warning", "success", "border-blurred")
        (name,) = [name for name in names if Color.parse(colours[name]) == edge[1]]
        return [name, "recording" if right[0] else ""]

    async with radio(*size) as r:
        taped = Recording(1, "knau", "news", "KNAU", "KNAU", NOW)
        for player_state, edge in (
            (playing(), ["error", ""]),
            (playing(live=False, behind=74.0), ["warning", ""]),
            (story(), ["success", ""]),
            (playing(state=PlayState.PAUSED, live=False), ["border-blurred", ""]),
            (playing(state=PlayState.STOPPED, **SILENT), ["border-blurred", ""]),
            (playing(recordings=(taped,)), ["error", "recording"]),
        ):
            await r.tell(player_state)
            assert edges() == edge


async def test_while_nothing_plays_the_last_station_is_ready(radio):
    async with radio() as r:
        await r.tell(on_air("classical"))
        await r.press("down", "down")
        first, second, third, fourth, fifth, sixth = r.player.splitlines()
        assert "■ STOPPED  KNAU Arizona Public Radio · Classical" in first
        assert "Performance Today" in second
        assert second.rstrip().endswith(WORDMARK[0])
        assert "with Fred Child" in third
        assert "space plays" in fourth
        assert "2:00 PM ━" in fifth
        assert "4:00 PM   NEXT 4:00 PM Exploring Music" in fifth
        assert sixth.strip().startswith("3:00 PM ├")
        assert sixth.rstrip().endswith("┤ 4:00 PM")
        ruler = sixth.partition("├")[2].partition("┤")[0]
        assert ruler.count("╵") == 11
        assert ruler.index("●") == round(7 / 60 * (len(ruler) - 1))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("KNAU Arizona Public Radio", "KNAU"),
        ("BBC Radio 4", "BBC"),
        ("Radio Paradise", "RP"),
        ("Jazz24", "Jazz24"),
        ("SomaFM: Groove Salad", "SGS"),
        ("日本放送協会 ラジオ", "日ラ"),
        ("\x1b[31m[/]", "♪"),
        ("…", "♪"),
        ("", "♪"),
    ],
)
def test_a_station_without_a_picture_has_initials_on_a_colour_of_its_own(name, letters):
    assert initials(name) == letters
    drawn = initials_lines(name, "", ansi=False)
    assert [line.cell_length for line in drawn] == [10] * 5
    assert drawn == initials_lines(name, "", ansi=False)
    assert letters in drawn[2].plain


async def test_a_picture_takes_the_place_of_the_initials(radio):
    async with radio() as r:
        await r.press("enter")
        assert "KNAU" in r.lines[2][:12]
        r.main.query_one(PlayerBar).picture = tuple(Strip([Segment("▀" * 10)]) for _ in range(5))
        r.main.query_one(PlayerBar).refresh()
        await r.settle()
        assert [line[:13].strip() for line in r.lines[:5]] == ["▀" * 10] * 5
        assert "All Things Considered" in r.lines[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": PlayState.CONNECTING, **SILENT}, "◌ CONNECTING"),
        ({"state": PlayState.PAUSED, "live": False}, "‖ PAUSED"),
        ({"live": False, "behind": 74.0}, "◀ 1:10 BEHIND"),
        ({"live": False, "behind": 4.0}, "▶ PLAYING"),
        ({"state": PlayState.STOPPED, **SILENT}, "■ STOPPED"),
        (
            {
                "state": PlayState.CONNECTING,
                "problem": BROKEN,
                "off_air": True,
                "retry_at": NOW + timedelta(seconds=3.4),
                **SILENT,
            },
            "◌ RECONNECTING in 4 s",
        ),
        ({"live": False, "problem": BROKEN, "off_air": True, "behind": 0.0}, "◌ RECONNECTING"),
        ({"live": False, "problem": BROKEN, "off_air": True, "behind": 9.0}, "◀ 0:05 BEHIND"),
    ],
)
async def test_every_state_has_a_glyph_and_a_word(radio, changes, words):
    async with radio() as r:
        await r.tell(playing(**changes))
        assert words in r.player


async def test_the_countdown_counts(radio):
    moment = NOW
    companion = Staged(clock=lambda: moment)
    async with radio(companion=companion) as r:
        retry = {"problem": BROKEN, "off_air": True, "retry_at": NOW + timedelta(seconds=4)}
        await r.tell(playing(state=PlayState.CONNECTING, **retry, **SILENT))
        assert "in 4 s" in r.player
        moment = NOW + timedelta(seconds=2)
        r.main.tick()
        await r.settle()
        assert "in 2 s" in r.player
        moment = NOW + timedelta(seconds=5)
        r.main.tick()
        await r.settle()
        assert "RECONNECTING  KNAU" in r.player


async def test_a_problem_stays_in_the_player_while_it_lasts(radio):
    async with radio() as r:
        await r.tell(playing(problem=BROKEN, off_air=True, live=False, behind=8.0))
        assert "⚠ KNAU: the connection broke: the network may be down" in r.player
        await r.tell(playing())
        assert "broke" not in r.player


async def test_a_station_that_cannot_be_played_says_why(radio):
    async with radio() as r:
        problem = Problem("This stream cannot be played", "it is AC-3")
        await r.tell(playing(state=PlayState.STOPPED, problem=problem, **SILENT))
        assert "■ STOPPED" in r.player
        assert "This stream cannot be played: it is AC-3" in r.player


async def test_how_far_behind_live_one_listens(radio):
    async with radio() as r:
        behind = {"live": False, "position": 30.0, "tape_end": 104.0, "behind": 74.0}
        await r.tell(playing(**behind))
        assert "◀ 1:10 BEHIND" in r.lines[0]
        tape = r.player.splitlines()[-1].partition("├")[2].partition("┤")[0]
        # The scale has ten minutes.
        assert tape.index("●") == round(30 / 600 * (len(tape) - 1))
        assert tape.count("▒") == round(70 / 600 * (len(tape) - 1))
        await r.tell(playing(**behind, state=PlayState.PAUSED))
        assert "‖ PAUSED" in r.lines[0]
        assert r.player.rstrip().endswith("live  1:10 behind")


async def test_what_is_heard_and_not_what_arrives_when_there_is_an_advertisement(radio):
    async with radio() as r:
        await r.tell(playing(ad=True))
        assert "advertisement" in r.player
        assert "Sinnerman" not in r.player


async def test_the_playlist_names_the_song_where_the_stream_does_not(radio):
    async with radio() as r:
        await r.tell(on_air("classical"), playing(stream="classical", title=None))
        assert "♪ Clarinet Quintet in A · Mozart" in r.player


async def test_muted_and_silent_are_said(radio):
    async with radio() as r:
        await r.tell(playing(muted=True, engine="silent"))
        assert "♪ muted" in r.player
        assert "no sound: silent engine" in r.player


async def test_an_old_answer_says_how_old_it_is(radio):
    async with radio() as r:
        asked = NOW - timedelta(hours=2)
        failed = replace(on_air(), problem=Problem("NPR is silent"), asked_at=asked)
        await r.tell(playing(), failed)
        assert "2h old" in r.player
        await r.tell(replace(failed, problem=None))
        assert "old" not in r.player


async def test_no_programme_is_no_mystery(radio):
    async with radio() as r:
        await r.tell(playing(), OnAir("knau", "news", source=""))
        assert "No programme information" in r.player


async def test_times_are_the_listeners_and_the_stations_stand_in_brackets(radio, monkeypatch):
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    async with radio() as r:
        await r.press("enter")
        assert "5:00 PM ━" in r.player
        assert " 7:00 PM (5:00 PM MST)" in r.player
        assert "NEXT 7:00 PM" in r.player or "next 7:00 PM" in r.player
        assert "5:07 PM" in r.player.splitlines()[0]


async def test_a_zone_without_a_name_is_told_by_its_city(radio):
    katmandu = replace(KNAU, city="Kathmandu, Nepal", timezone="Asia/Kathmandu")
    async with radio(160, 36, Staged((katmandu,))) as r:
        await r.press("enter")
        assert "in Kathmandu" in r.player


async def test_a_long_programme_is_cut_and_the_line_still_fits(radio):
    async with radio(80, 24) as r:
        long = Programme(
            "The Very Long Afternoon Programme of the Colorado Plateau", at(15), at(17)
        )
        await r.tell(playing(), replace(on_air(), now=long))
        second = r.player.splitlines()[1]
        assert "The Very Long Afternoon" in second
        assert "…" in second
        assert second.rstrip().endswith("5:00 PM")


async def test_keys_of_the_player(radio):
    async with radio() as r:
        await r.press("enter", "space", "space", "+", "-", "m", "x")
        asked = [ask for ask in r.companion.asked if ask[0] != "look_at"]
        assert asked == [
            ("play", "knau", "news"),
            ("toggle",),
            ("toggle",),
            ("louder", 5),
            ("louder", -5),
            ("mute",),
            ("stop",),
        ]
        assert "■ STOPPED" in r.player


@pytest.mark.parametrize("changes", [{}, {"muted": True}, {"mute_ads": True, "ad": True}])
async def test_the_wheel_over_the_volume_changes_it(radio, changes):
    async with radio() as r:
        await r.tell(playing(**changes))
        for kind, asked in (
            (MouseScrollUp, [("louder", 5)]),
            (MouseScrollDown, [("louder", -5)]),
            (MouseScrollUp, []),
        ):
            x = r.lines[0].index("♪") + 1 if asked else 10
            r.companion.asked.clear()
            r.app.post_message(kind(None, x, 0, 0, 0, 0, False, False, False, x, 0))
            await r.settle()
            assert r.companion.asked == asked


async def test_space_tunes_to_the_highlighted_stream_when_nothing_was_tuned(radio):
    async with radio() as r:
        await r.press("down", "down", "space")
        assert ("play", "knau", "classical") in r.companion.asked
        assert "Classical" in r.player


async def test_the_player_is_clicked(radio):
    async with radio() as r:
        await r.press("enter")
        await r.click("LIVE")
        assert "‖ PAUSED" in r.player
        await r.click("♪ 72%")
        assert "♪ muted" in r.player


async def test_a_small_screen_has_two_lines_that_say_the_most(radio):
    async with radio(60, 16) as r:
        await r.press("enter")
        first, second = r.player.splitlines()
        assert "● LIVE" in first
        assert "3:07 PM" in first
        assert "All Things Considered · Nina Simone" in second
        assert "until 5:00 PM" in second
        await r.tell(playing(problem=BROKEN, off_air=True, live=False, behind=8.0))
        assert "⚠ KNAU: the connection broke" in r.player


TRAIL = QueueItem(
    key="2",
    url="https://www.knau.org/trail.mp3",
    title="Canyon trail reopens after the winter's rockslides",
    from_="KNAU and Arizona News",
    seconds=192.0,
)
QUEUE = tuple(replace(TRAIL, key=str(number)) for number in (2, 3, 4))


def story(**changes: object) -> PlayerState:
    """A story a minute in, live radio waiting."""
    heard = {
        "story": TRAIL,
        "waiting": playing(live=False, behind=256.0),
        "position": 62.0,
        "length": 192.0,
        "live": False,
        "title": None,
    }
    return playing(**(heard | changes))


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_story_shows_how_far_it_is_what_waits_and_what_follows(radio, size):
    async with radio(*size) as r:
        await r.tell(story(queue=QUEUE, newscast=True))
        lines = r.player.splitlines()
        if size[0] >= 100:
            assert "▶ STORY  KNAU and Arizona News" in lines[0]
            assert "Canyon trail reopens after" in lines[1]
            assert "next Canyon trail" in lines[2]
            waiting, place = lines[3], lines[5]
            assert lines[1].rstrip().endswith("2 more in the queue")
        else:
            assert "▶ STORY  Canyon trail reopens after" in lines[0]
            place, waiting = lines[1:]
            assert place.rstrip().endswith("2 more in the queue")
        assert "LIVE" not in lines[0]
        assert place.lstrip("▌ ").startswith("1:02 ━")
        done, left = place.count("━"), place.count("─")
        assert 0.2 < done / (done + left) < 0.45
        assert " 3:12 " in place
        assert "KNAU Arizona Public Radio waits on its tape · 4:12 behind" in waiting


@pytest.mark.parametrize(("size", "line"), [((120, 36), 5), ((80, 24), 1)])
async def test_an_episode_shows_its_chapters_and_which_is_heard(radio, size, line):
    begins = {"Opening bells": 0.0, "The tower": 62.0, "A bell is cast": 150.0}
    marks = tuple(Mark(begin, NOW, "chapter", text) for text, begin in begins.items())
    async with radio(*size) as r:
        await r.tell(story(story=replace(TRAIL, kept="one"), marks=marks))
        lines = r.player.splitlines()
        assert "▶ EPISODE" in lines[0]
        assert "§ The tower" in r.player
        # On the line stands what is still to come: here one chapter.
        assert lines[line].count("┼") == 1
        assert lines[line].index("╸") < lines[line].index("┼")
        await r.tell(story(story=replace(TRAIL, kept="one"), marks=marks, position=151.0))
        assert "§ A bell is cast" in r.player
        assert "┼" not in r.player.splitlines()[line]


async def test_a_story_on_a_small_screen(radio):
    async with radio(60, 16) as r:
        await r.tell(story(queue=QUEUE, newscast=True))
        first, second = r.player.splitlines()
        assert "▶ STORY  Canyon" in first
        assert "1:02 / 3:12" in first
        assert "waits 4:12 behind" in second
        assert second.rstrip().endswith("2 more in the queue")
        await r.tell(story(waiting=None))
        assert "KNAU and Arizona News" in r.player.splitlines()[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": PlayState.PAUSED}, "‖ PAUSED"),
        ({"state": PlayState.CONNECTING, **SILENT}, "◌ FETCHING"),
        (
            {"problem": BROKEN, "off_air": True, "behind": 9.0, "retry_at": NOW},
            "⚠ KNAU: the connection broke: the network may be down  reconnecting",
        ),
        (
            {"problem": BROKEN, "off_air": True, "behind": 0.0, "retry_at": NOW},
            "◌ RECONNECTING",
        ),
        ({"problem": BROKEN, "off_air": True, "behind": 0.0}, "▶ STORY"),
        ({"length": None}, "1:02"),
        ({"newscast": True}, "the last of the queue"),
        ({"queue": QUEUE[1:]}, "2 in the queue"),
        (
            {"waiting": playing(state=PlayState.PAUSED, live=False, behind=64.0)},
            "waits paused on its tape · 1:00 behind",
        ),
        ({"waiting": playing(state=PlayState.CONNECTING)}, "is being tuned to"),
        (
            {"waiting": playing(off_air=True, problem=BROKEN, live=False)},
            "waits on its tape · reconnecting",
        ),
    ],
)
async def test_every_state_of_a_story_has_a_glyph_and_a_word(radio, changes, words: str):
    async with radio() as r:
        await r.tell(story(**changes))
        assert words in r.player


async def test_what_is_not_tried_again_does_not_say_so(radio):
    async with radio() as r:
        await r.tell(story(problem=BROKEN, off_air=True))
        assert "⚠ KNAU: the connection broke" in r.player
        assert "reconnecting" not in r.player.lower()


async def test_stories_that_are_queued_are_counted_while_live_radio_plays(radio):
    async with radio() as r:
        await r.tell(playing(queue=QUEUE))
        assert "3 in the queue" in r.player.splitlines()[0]
    async with radio(60, 16) as r:
        await r.tell(playing(queue=QUEUE))
        assert "3 queued" in r.player.splitlines()[0]


async def test_while_a_story_is_heard_its_station_is_marked_as_waiting(radio):
    async with radio() as r:
        await r.tell(story())
        (line,) = [line for line in r.lines if "News & Talk" in line and "│" in line]
        assert "‖" in line
        await r.tell(playing())
        (line,) = [line for line in r.lines if "News & Talk" in line and "│" in line]
        assert "‖" not in line


async def test_space_pauses_a_story_where_nothing_was_ever_tuned(radio):
    async with radio() as r:
        await r.tell(story(station="", stream="", waiting=None))
        await r.press("space")
        assert ("toggle",) in r.companion.asked
        assert not any(asked[0] == "play" for asked in r.companion.asked)
