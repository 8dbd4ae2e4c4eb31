"""README's table of keys, made from the command table.

``python -m radiotui.ui.commands.readme`` writes it between its markers.
"""

from __future__ import annotations

from pathlib import Path

from radiotui.ui.commands.key_words import key_word
from radiotui.ui.commands.keys import KEYS

BEGIN, END = "<!-- keys: begin -->", "<!-- keys: end -->"

ROWS: tuple[tuple[str, str], ...] = (
    ("list.choose", "tune to the stream, open the story"),
    ("player.pause", "pause and go on where it was paused"),
    ("player.stop", "stop"),
    ("player.louder player.softer player.mute", "volume, mute"),
    ("tape.back tape.on", "ten seconds back, on"),
    ("tape.far_back tape.far_on", "a minute back, on"),
    (
        "tape.previous_mark tape.next_mark tape.beginning tape.live",
        "the title before, the next; the programme's beginning; live",
    ),
    (
        "tape.keep_song tape.keep",
        "keep this song, or the one that has just ended; minutes, or the programme",
    ),
    ("tape.record", "record from here, and stop that"),
    ("clip.mark clips.open", "begin a clip here, and end it; the clips with their notes"),
    ("recordings.open", "what was kept and recorded: hear, find, rename, delete"),
    ("heard.titles", "what was heard"),
    (
        "guide.day guide.on_now",
        "the stream's day: what was on, what comes; all stations: what is on now",
    ),
    ("guide.marks", "marked programmes, and those that were missed"),
    ("player.alarm", "wake with a station"),
    ("guide.belongings", "the programme's own podcast and stories"),
    ("player.signal", "the Test Signal, which needs no network"),
    ("player.sleep", "sleep: in minutes, after this programme, after this song"),
    (
        "player.slower player.faster player.normal_speed player.skip_silence",
        "a story or episode slower, faster, as it was spoken; skip silence in episodes",
    ),
    (
        "player.even player.ads tape.costs",
        "even loudness, mute advertisements, what the tapes cost",
    ),
    ("pane.air pane.stories pane.story pane.next", "stations, stories, story; the next pane"),
    ("pane.previous pane.back", "the pane before, one step out"),
    ("move.top move.bottom", "to the top, to the bottom"),
    ("move.page_up move.page_down", "a page up, down"),
    (
        "stations.find stations.check stations.undo",
        "find stations, hear and add them; try every stream; undo the last change of the list",
    ),
    (
        "stations.earlier stations.later stations.rename stations.group stations.remove",
        "move the highlighted station up, down; rename it, put it into a group, remove it",
    ),
    ("stories.search", "search all that is kept"),
    ("story.next_unread story.previous_unread", "next and previous unread story"),
    ("story.next story.previous", "next and previous story, whether read or not"),
    (
        "story.unread story.star story.page story.anew",
        "unread, star, open in the browser, ask the page for the story again",
    ),
    (
        "stories.unread_only stories.mark_to_here stories.undo",
        "unread stories only; mark all read down to here, and undo it",
    ),
    (
        "story.listen story.queue story.play_next newscast.open newscast.skip",
        "hear the story, put it into the queue, hear it next, see the queue, the next of it",
    ),
    (
        "story.links story.find story.quote",
        "a story's links, find in it or in its list, copy a quote with its source",
    ),
    (
        "story.transcript transcript.ear transcript.language",
        "an episode's transcript, in it to what is heard, in another language",
    ),
    (
        "story.changes story.copy_link story.send",
        "what changed in a story, copy its link, send it to your own command",
    ),
    ("stories.refresh", "ask for new stories, or stop asking"),
    ("feed.add feed.remove feeds.open", "add a feed, remove one, see how each feed does"),
    ("episode.download", "download the episode; again stops it, or removes its file"),
    ("podcast.add", "find a podcast by its name, or add one by its address"),
    ("podcast.settings", "the podcast's own speed, gain, skipped seconds, order and notices"),
    ("pane.zoom app.theme", "one pane alone; dark, light, the terminal's colours"),
    ("app.help app.palette", "every key, every command"),
    ("app.quit", "quit"),
)
"""Commands of each row by their ids, and its words."""


def table() -> str:
    """The table as Markdown, with the first key of each command."""
    lines = ["| | |", "|---|---|"]
    for ids, words in ROWS:
        keys = [key_word(KEYS[command_id].partition(",")[0]) for command_id in ids.split()]
        lines.append(f"| {' '.join(f'`{key}`' for key in keys)} | {words} |")
    return "\n".join(lines)


def with_table(readme: str) -> str:
    """README with the table in the place of the one between its markers."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    path = Path("README.md")
    path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")
