"""Transcripts in the reader: they follow the sound, lead to a place, and are copied."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from radiotui.player.queue import QueueItem
from radiotui.player.state import PlayerState, PlayState
from radiotui.stories.model import PodcastSection, SearchResult, Story
from radiotui.stories.transcript_lines import EpisodeTranscript, TranscriptLine
from tests.ui.stage import Staged, playing, told
from tests.ui.test_hostile import NASTY, harmless
from tests.ui.test_podcasts import OWN, episode, episodes, with_podcasts

ENGLISH = EpisodeTranscript(
    (
        TranscriptLine(5.0, 8.0, "Ann", "Good morning, and welcome to the rim."),
        TranscriptLine(9.0, 12.0, "Ann", "The river is high today."),
        TranscriptLine(65.0, 70.0, "Bo", "Higher than in any spring that I remember."),
        *(TranscriptLine(100.0 + n, None, "Bo", f"Line number {n} of it.") for n in range(200)),
    ),
    "en",
)
GERMAN = EpisodeTranscript(
    tuple(
        TranscriptLine(line.start, line.end, line.speaker, f"Zeile bei {line.start:.0f}.")
        for line in ENGLISH.lines
    ),
    "de",
)
HEARD = replace(episode(2, 1), link="https://own.example/2", heard=0.0)
ITEM = QueueItem(key="one", url="https://own.example/2.mp3", title="Part 2", kept="one", entry=702)


def staged(*transcripts: EpisodeTranscript) -> Staged:
    companion = with_podcasts(OWN)
    key = PodcastSection(OWN.url)
    companion.story_lists[key] = episodes(key, HEARD, episode(1, 30))
    companion.podcasts.transcripts = list(transcripts)
    return companion


def heard_at(second: float, state: PlayState = PlayState.PAUSED, **more: object) -> PlayerState:
    """The episode at the ear; it stands still unless a test says otherwise."""
    return playing(story=ITEM, position=second, length=900.0, state=state, **more)


async def opened(r) -> None:
    """The episode in the reader, and its transcript in its place."""
    r.main.air.choose_section(PodcastSection(OWN.url))
    await r.settle()
    await r.press("2", "enter")
    await r.press("X")
    await r.until("Transcript")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_it_opens_in_the_reader_and_goes_back_to_the_story(radio, size):
    async with radio(*size, companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.until("The river is high today.")
        shown = r.pane("transcript")
        assert "Transcript · en" in shown
        assert shown.index("Ann") < shown.index("0:05") < shown.index("0:09") < shown.index("Bo")
        assert shown.count("Ann") == 1, "a speaker is named where another one spoke before"
        assert r.pane("story") == ""
        await r.press("X")
        assert "Part 2" in r.pane("story")
        assert not r.main.query("#transcript")
        await r.press("X")
        await r.until("The river is high today.")
        await r.press("escape")
        assert "Part 2" in r.pane("story"), "the way back leads to the story first"


async def test_the_story_says_that_there_is_one_and_with_which_key(radio):
    companion = staged(ENGLISH)
    async with radio(companion=companion) as r:
        r.main.air.choose_section(PodcastSection(OWN.url))
        await r.settle()
        await r.press("2", "enter")
        assert "¶ transcript · X" in r.pane("story")
        await r.click("¶ transcript")
        await r.until("The river is high today.")
        companion.podcasts.transcripts = []
        await r.press("shift+down")
        assert "transcript" not in r.pane("story")


async def test_the_line_at_the_ear_is_marked_and_kept_in_view(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.until("The river is high today.")
        assert "▶" not in r.pane("transcript")
        await r.tell(heard_at(9.5))
        assert "▶" in r.row("The river is high", "transcript")
        await r.tell(heard_at(66.0))
        assert "▶" not in r.row("The river is high", "transcript")
        assert "▶" in r.row("Higher than in any", "transcript")
        await r.tell(heard_at(250.5))
        assert "▶" in r.row("Line number 150 of it.", "transcript")
        await r.tell(heard_at(0.5))
        assert "▶" not in r.pane("transcript"), "before the first line"
        other = replace(ITEM, key="other", entry=701)
        await r.tell(playing(story=other, position=66.0))
        assert "▶" not in r.pane("transcript"), "another episode is heard"


async def test_who_scrolls_away_is_left_there_and_a_key_leads_back(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.tell(heard_at(66.0))
        await r.until("Higher than in any")
        assert "w to the sound" not in r.pane("transcript")
        await r.press("pagedown", "pagedown", "pagedown")
        there = r.pane("transcript")
        assert "Higher than in any" not in there
        assert "w to the sound" in there
        await r.tell(heard_at(101.0))
        assert "▶" not in r.pane("transcript")
        assert "Line number 1 of it." not in r.pane("transcript")
        await r.press("w")
        assert "▶" in r.row("Line number 1 of it.", "transcript")
        await r.tell(heard_at(280.5))
        assert "▶" in r.row("Line number 180 of it.", "transcript")


async def test_the_next_line_is_marked_when_it_is_heard_not_with_the_next_look(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.until("The river is high today.")
        await r.tell(heard_at(8.99, PlayState.PLAYING, rate=3.0))
        for _ in range(1500):
            if "▶" in r.row("The river is high", "transcript"):
                break
            await r.pilot.pause(0.02)
        assert "▶" in r.row("The river is high", "transcript")


async def test_enter_on_a_line_hears_it_from_there(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.until("The river is high today.")
        await r.press("g", "down", "down")
        assert "┃" in r.row("Higher than in any", "transcript")
        await r.press("enter")
        assert r.companion.asked[-1] == ("ListenFrom", 702, 65.0)
        await r.tell(heard_at(65.0))
        assert "▶" in r.row("Higher than in any", "transcript")
        await r.click("0:09")
        assert r.companion.asked[-1] == ("ListenFrom", 702, 9.0)


async def test_a_transcript_without_times_is_read(radio):
    lines = tuple(TranscriptLine(None, None, "", f"Paragraph {n}.") for n in range(3))
    async with radio(companion=staged(EpisodeTranscript(lines))) as r:
        await opened(r)
        await r.until("Paragraph 2.")
        await r.tell(heard_at(66.0))
        assert "▶" not in r.pane("transcript")
        await r.press("down", "enter")
        assert "This transcript has no times" in r.text


async def test_lines_are_copied_with_their_times_and_a_link(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.until("The river is high today.")
        await r.press("g", "down", "y")
        assert "quote: 1 line" in r.text
        await r.press("J", "y")
        assert r.app.clipboard == (
            "[0:09] Ann: The river is high today.\n"
            "[1:05] Bo: Higher than in any spring that I remember.\n"
            "— “Part 2”, Rim Stories, https://own.example/2"
        )
        assert "The lines are in your clipboard" in r.text


async def test_words_are_found_in_it(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.until("The river is high today.")
        await r.press("ctrl+f")
        await r.press(*"number 177")
        assert "Line number 177 of it." in r.pane("transcript")
        await r.press("escape")
        await r.press("enter")
        assert r.companion.asked[-1][0] == "ListenFrom"


async def test_another_language_at_the_same_place(radio):
    async with radio(companion=staged(ENGLISH, GERMAN)) as r:
        await opened(r)
        await r.until("; language")
        await r.press("g", "down", "down", "semicolon")
        await r.until("Transcript · de")
        await r.until("Zeile bei 65.")
        assert "┃" in r.row("Zeile bei 65.", "transcript")
        await r.press("semicolon")
        await r.until("Transcript · en")


async def test_among_the_stations_it_is_that_of_what_is_heard(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await r.press("X")
        assert "A transcript is of an episode" in r.text
        await r.tell(heard_at(66.0))
        await r.press("X")
        await r.until("Higher than in any")
        assert "▶" in r.row("Higher than in any", "transcript")
        assert ("transcript", 702, None) in r.companion.asked


async def test_that_of_a_recording_lies_beside_it(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        item = QueueItem(key="file /r/Part.mp3", url="", title="Part", path="/r/Part.mp3")
        await r.tell(playing(story=item, position=66.0))
        await r.press("X")
        await r.until("Higher than in any")
        assert ("transcript", "/r/Part.mp3", None) in r.companion.asked
        await r.press("g", "enter")
        assert r.companion.asked[-1] == ("go_to", 5.0)


async def test_a_story_without_one_says_so(radio):
    async with radio(companion=staged()) as r:
        r.main.air.choose_section(PodcastSection(OWN.url))
        await r.settle()
        await r.press("2", "enter", "X")
        assert "This episode has no transcript" in r.text
        await r.press("w")
        assert "No transcript is open" in r.text


async def test_another_story_closes_it(radio):
    async with radio(companion=staged(ENGLISH)) as r:
        await opened(r)
        await r.press("shift+down")
        assert "Part 1" in r.pane("story")
        assert not r.main.query("#transcript")


async def test_hostile_words_stay_words(radio):
    lines = tuple(TranscriptLine(float(n), None, NASTY, NASTY) for n in range(3))
    async with radio(companion=staged(EpisodeTranscript(lines, NASTY[:12]))) as r:
        await opened(r)
        await r.until("0:02")
        assert harmless(r)


async def test_thousands_of_lines_are_drawn_as_far_as_they_are_seen(radio):
    lines = tuple(
        TranscriptLine(2.0 * n, None, "", f"Cue {n} says as much as a cue does, and no more.")
        for n in range(3000)
    )
    async with radio(companion=staged(EpisodeTranscript(lines, "en"))) as r:
        await opened(r)
        await r.until("Cue 5 says")
        shown = r.main.transcript
        rows: list[int] = []
        draw = shown.render_line
        shown.render_line = lambda y: (rows.append(y), draw(y))[1]
        await r.tell(heard_at(4.5))
        assert "▶" in r.row("Cue 2 says", "transcript")
        rows.clear()
        await r.tell(heard_at(6.5))
        assert "▶" in r.row("Cue 3 says", "transcript")
        assert 0 < len(rows) <= 2, "only the two lines whose mark is another are drawn"
        await r.tell(heard_at(5000.5))
        assert "▶" in r.row("Cue 2500 says", "transcript")


async def test_a_result_of_the_search_is_heard_from_its_second(radio):
    companion = staged(ENGLISH)
    snippet = "Line number 150 of it."
    companion.stories.results = [
        SearchResult(HEARD, snippet, ((5, 11),), second=250.0),
        SearchResult(episode(1, 30), "Notes with a number.", ((13, 19),)),
    ]
    companion.stories.stories[702] = Story(HEARD, told(HEARD, "Notes."))
    async with radio(120, 36, companion=companion) as r:
        await r.press("slash")
        await r.press(*"number")
        await r.until("▶ 4:10 · Line number 150 of it.")
        assert "enter hear from 4:10" in r.text
        await r.press("down")
        assert "enter read" in r.text
        await r.press("up", "enter")
        await r.until("Transcript · en")
        assert ("ListenFrom", 702, 250.0) in r.companion.asked
        await r.until("Line number 150 of it.")
        assert "┃" in r.row("Line number 150 of it.", "transcript")
        await r.tell(heard_at(250.2))
        assert "▶" in r.row("Line number 150 of it.", "transcript")
        await r.tell(heard_at(280.5))
        assert "▶" in r.row("Line number 180 of it.", "transcript"), "it follows from there"
        await r.press("X")
        assert "Notes." in r.pane("story")
