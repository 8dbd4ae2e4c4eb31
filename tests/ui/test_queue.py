"""Hearing stories: now, later, in their order."""

import pytest
from msgspec.structs import replace

from radiotui.app.queue_table import QueueFill
from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayState, Sleep
from radiotui.radio.tape.marks import Mark
from radiotui.store.queue_changes import QueueChange
from radiotui.store.queues import StoredQueue
from radiotui.ui.dialogs.queue import QueueScreen
from tests.snapshots import changed
from tests.ui.stage import KUNM, NOW, Staged, playing
from tests.ui.test_hostile import NASTY, SHOWN, harmless


def spoken(number: int, seconds: float | None = 192.0, title: str = "") -> QueueItem:
    return QueueItem(
        key=str(number),
        url=f"https://example.org/{number}.mp3",
        title=title or f"Story number {number}",
        from_="KNAU",
        seconds=seconds,
        entry=number,
    )


THREE = (spoken(1), spoken(2, 65.0), spoken(3))


async def test_a_story_is_heard_from_the_list_and_from_the_reader(radio):
    async with radio() as r:
        await r.press("2", "down", "p")
        assert r.companion.asked[-1] == ("listen", 2)
        await r.press("enter", "shift+down", "p")
        assert r.companion.asked[-1] == ("listen", 3)


async def test_without_a_story_there_is_nothing_to_hear(radio):
    async with radio(companion=Staged((KUNM,))) as r:
        await r.press("p", "e", "2", "p", "e")
        assert not [ask for ask in r.companion.asked if ask[0] in {"listen", "queue"}]


async def test_into_the_queue_is_told_once_it_is_there(radio):
    async with radio() as r:
        await r.press("2", "e")
        assert r.companion.asked[-1] == ("queue", 1)
        assert "In the queue" not in r.text
        await r.tell(playing(queue=THREE))
        assert "In the queue: 3 stories · E shows it" in r.text
        await r.press("e")
        assert r.companion.asked.count(("queue", 1)) == 1
        assert "In the queue already" in r.text


async def test_a_queue_of_an_earlier_run_is_not_told(radio):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        assert "In the queue" not in r.text


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (80, 24), (60, 16)])
async def test_the_sheet_shows_what_is_to_be_heard(radio, size):
    async with radio(*size) as r:
        await r.tell(playing(queue=THREE, story=THREE[0], newscast=True))
        await r.press("E")
        assert "Queue · 3 stories · 7:29" in r.text
        for number, length in ((1, "3:12"), (2, "1:05")):
            line = next(line for line in r.lines if f"{number} Story number {number}" in line)
            assert length in line
        assert "▶ 1 Story number 1" in r.text
        assert "heard now · KNAU" in r.text
        assert {len(line) for line in r.lines} == {size[0]}


async def test_a_length_that_is_not_known_makes_it_at_least(radio):
    async with radio() as r:
        await r.tell(playing(queue=(spoken(1), spoken(2, None))))
        await r.press("E")
        assert "2 stories · at least 3:12" in r.text
        assert "?:??" in next(line for line in r.lines if "2 Story number 2" in line)
        await r.tell(playing(queue=(spoken(1), spoken(2, None)), story=spoken(2), length=44.0))
        assert "0:44" in next(line for line in r.lines if "2 Story number 2" in line)


async def test_states_have_a_glyph_and_a_word(radio):
    async with radio() as r:
        heard = playing(queue=THREE, story=THREE[0], missed=frozenset({"3"}))
        await r.tell(heard)
        await r.press("E")
        assert "⚠ 3 Story number 3" in r.text
        assert "could not be heard · KNAU" in r.text
        await r.tell(changed(heard, state=PlayState.PAUSED))
        assert "‖ 1 Story" in r.text
        assert "paused · KNAU" in r.text
        await r.tell(changed(heard, state=PlayState.CONNECTING))
        assert "◌ 1 Story" in r.text
        assert "connecting · KNAU" in r.text


async def test_it_is_played_from_its_beginning_or_from_a_row_on(radio):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        await r.press("E", "p")
        assert r.companion.asked[-1] == ("play_newscast",)
        await r.press("down", "enter")
        assert r.companion.asked[-1] == ("PlayFromQueue", "2")


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_a_story_is_taken_out_and_the_next_is_highlighted(radio, key):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        await r.press("E", "down", key)
        assert r.companion.asked[-1] == ("unqueue", "2")
        await r.tell(playing(queue=(THREE[0], THREE[2])))
        assert "Story number 2" not in r.text
        await r.press(key)
        assert r.companion.asked[-1] == ("unqueue", "3")


async def test_a_story_is_moved_and_stays_highlighted(radio):
    async with radio() as r:
        await r.tell(playing(queue=THREE))
        await r.press("E", "shift+down")
        assert r.companion.asked[-1] == ("move", "1", 1)
        await r.tell(playing(queue=(THREE[1], THREE[0], THREE[2])))
        await r.press("shift+up")
        assert r.companion.asked[-1] == ("move", "1", -1)


async def test_an_empty_one_says_what_to_press(radio):
    async with radio(60, 16) as r:
        await r.press("E")
        assert "The queue is empty" in r.text
        assert "e on a story puts it in" in r.text
        await r.press("enter", "d", "shift+down", "escape")
        assert not isinstance(r.app.screen, QueueScreen)
        assert not [ask for ask in r.companion.asked if ask[0] in {"unqueue", "move"}]


async def test_enough_of_this_one(radio):
    async with radio() as r:
        await r.press("greater_than_sign")
        assert ("skip",) not in r.companion.asked
        await r.tell(playing(queue=THREE, story=THREE[0]))
        await r.press("greater_than_sign")
        assert ("skip",) in r.companion.asked


async def test_titles_are_text(radio):
    async with radio() as r:
        nasty = replace(spoken(1, title=NASTY), from_=NASTY)
        await r.tell(playing(queue=(nasty,), story=nasty))
        await r.press("E")
        assert SHOWN in r.text
        assert harmless(r)


async def test_a_story_is_heard_next(radio):
    async with radio() as r:
        await r.press("2", "Q")
        assert r.companion.asked[-1] == ("queue_next", 1)
        await r.tell(playing(queue=THREE))
        assert "Next in the queue: 3 stories · E shows it" in r.text
        await r.press("Q")
        assert "It is the next already" in r.text
        await r.press("down", "Q")
        assert r.companion.asked[-1] == ("queue_next", 2)
        assert "It is heard next" in r.text
        await r.tell(playing(queue=THREE, story=THREE[1], newscast=True))
        asked = len(r.companion.asked)
        await r.press("Q")
        assert "That is heard already" in r.text
        assert len(r.companion.asked) == asked


async def test_all_is_taken_out_and_undone(radio):
    async with radio() as r:
        await r.press("E", "D")
        assert ("ClearQueue",) not in r.companion.asked
        await r.tell(playing(queue=THREE))
        await r.press("D")
        assert r.companion.asked[-1] == ("ClearQueue",)
        assert "Taken out · U undoes" in r.text
        r.companion.queues.undone = QueueChange("Main", "all taken out")
        await r.press("U")
        await r.pilot.pause()
        assert "Undone: all taken out" in r.text


async def test_a_rule_is_written_and_fills_the_queue(radio):
    async with radio() as r:
        await r.press("E", "f")
        assert "The queue has no rule · r writes one" in r.text
        await r.press("r", *"newest of nobody", "enter")
        await r.pilot.pause()
        assert "there is no podcast" in r.text
        await r.press("r", *"unheard of all", "enter")
        await r.pilot.pause()
        assert r.companion.asked[-1] == ("rule", "unheard of all")
        assert "Rule: unheard of all" in r.text
        r.companion.queues.filled = QueueFill(2)
        await r.press("f")
        await r.pilot.pause()
        assert "2 are new in the queue" in r.text


async def test_another_queue_is_begun_renamed_deleted_and_used(radio):
    async with radio() as r:
        await r.press("E", "n")
        await r.pilot.pause()
        assert "● Main" in r.text
        assert "3 items · 7:29" in r.text
        await r.press("a", *"Night", "enter")
        await r.pilot.pause()
        assert r.companion.asked[-1] == ("make_queue", "Night")
        assert "● Night" in r.text
        await r.press("r", *"Trip", "enter")
        await r.pilot.pause()
        assert r.companion.asked[-1] == ("rename_queue", "Night", "Trip")
        await r.press("d")
        await r.pilot.pause()
        assert r.companion.asked[-1] == ("delete_queue", "Trip")
        assert "“Trip” is deleted · U brings it back" in r.text
        await r.press("g", "j", "enter")
        await r.pilot.pause()
        assert r.companion.asked[-1] == ("use_queue", "Evening")
        assert isinstance(r.app.screen, QueueScreen)
        await r.tell(playing(queue=THREE, queue_name="Evening"))
        assert "Queue · Evening · 3 stories" in r.text


async def test_names_of_queues_are_text(radio):
    async with radio() as r:
        r.companion.queues.listed = [StoredQueue(NASTY, NASTY, 2)]
        await r.tell(playing(queue=THREE, queue_name=NASTY))
        await r.press("E", "n")
        await r.pilot.pause()
        assert SHOWN in r.text
        assert harmless(r)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_the_way_out_is_always_said(radio, size):
    async with radio(*size) as r:
        await r.tell(playing(queue=THREE))
        await r.press("E")
        await r.pilot.pause()
        assert "esc closes" in r.text
        assert "enter hear" in r.text


async def test_the_sleep_sheet_has_ends_of_the_queue(radio):
    chapters = (Mark(0.0, NOW, "chapter", "Opening"), Mark(90.0, NOW, "chapter", "The river"))
    async with radio() as r:
        await r.tell(
            playing(story=THREE[0], queue=THREE, newscast=True, marks=chapters, length=192.0)
        )
        await r.press("s")
        assert "At the end of this chapter  The river" in r.text
        assert "At the end of this story  Story number 1" in r.text
        assert "After 3 of the queue" in r.text
        assert "After 5 of the queue" not in r.text
        await r.press(*["down"] * 7, "enter")
        assert r.companion.asked[-1] == ("SleepAfterItems", 2)
        await r.press("s", *["down"] * 5, "enter")
        assert r.companion.asked[-1] == ("sleep_after", "chapter")
        timer = Sleep("items", None, "1", items=2)
        await r.tell(playing(story=THREE[0], queue=THREE, newscast=True, sleep=timer))
        assert "after 2 more" in r.player


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_finding_in_the_queue_narrows_it_and_escape_gives_it_back(radio, size):
    many = tuple(
        spoken(number, title=f"{'Café' if number % 10 == 7 else 'Bell'} {number}")
        for number in range(1, 41)
    )
    async with radio(*size, companion=Staged()) as r:
        await r.tell(playing(queue=many))
        await r.press("E", "slash", *"cafe 2")
        assert "27 Café 27" in r.text
        assert "Bell" not in r.text
        await r.press("enter", "d")
        assert r.companion.asked[-1] == ("unqueue", "27")
        await r.press("escape")
        assert "Bell 2" in r.text
        assert "Café 27" in r.text, "the cursor stays on its item"
        await r.press("slash", *"nowhere")
        assert "Nothing found" in r.text
        await r.press("escape", "escape")
        assert not isinstance(r.app.screen, QueueScreen)
