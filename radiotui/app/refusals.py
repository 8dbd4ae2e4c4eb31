"""Reasons why a command cannot be obeyed now, in the listener's words.

``{list.choose}`` stands for the key of that command: a front end puts its own word in its place.
"""

from __future__ import annotations

from collections.abc import Mapping

from radiotui.app.command import Command, Situation

_NO_TAPE = "Nothing plays, so there is no tape · {list.choose} on a station tunes to it"
_NO_STORIES = "There are no stories here · {stories.refresh} asks for them"
_NO_STORY = "No story is highlighted · {pane.stories} goes to the stories"
_NOT_OPEN = "No story is open · {list.choose} on a story opens it"

_REFUSALS: Mapping[str, str] = {
    "player.pause": "There is no station to play · {pane.air} goes to the stations",
    "guide.day": "There is no station to look at · {pane.air} goes to the stations",
    "guide.belongings": "There is no station to look at · {pane.air} goes to the stations",
    "player.alarm": "There is no station to wake with · {pane.air} goes to the stations",
    "player.stop": "Nothing plays that could stop",
    "player.sleep": "Nothing plays that could fall silent",
    **dict.fromkeys(
        (
            "tape.back",
            "tape.on",
            "tape.far_back",
            "tape.far_on",
            "tape.live",
            "tape.beginning",
            "tape.previous_mark",
            "tape.next_mark",
            "tape.keep_song",
            "tape.keep",
            "tape.record",
            "clip.mark",
        ),
        _NO_TAPE,
    ),
    "list.choose": "There is nothing to choose in a story · {story.links} shows its links",
    **dict.fromkeys(
        (
            "story.next_unread",
            "story.previous_unread",
            "story.next",
            "story.previous",
            "stories.mark_to_here",
        ),
        _NO_STORIES,
    ),
    **dict.fromkeys(
        (
            "story.unread",
            "story.star",
            "story.copy_link",
            "story.send",
            "story.listen",
            "story.queue",
            "story.play_next",
            "episode.download",
        ),
        _NO_STORY,
    ),
    **dict.fromkeys(
        ("story.anew", "story.links", "story.find", "story.quote", "story.changes"), _NOT_OPEN
    ),
    "story.page": "It has no page of its own",
    "stories.refresh": "There are no feeds to ask here · {feed.add} adds one of your own",
    **dict.fromkeys(
        (
            "stations.earlier",
            "stations.later",
            "stations.rename",
            "stations.group",
            "stations.remove",
        ),
        "No station of yours is highlighted · {pane.air} goes to the stations",
    ),
    "story.transcript": _NO_STORY,
    **dict.fromkeys(
        ("transcript.ear", "transcript.language"),
        "No transcript is open · {story.transcript} on an episode opens it",
    ),
    **dict.fromkeys(
        ("newscast.skip", "player.slower", "player.faster", "player.normal_speed"),
        "No story is heard · {story.listen} on a story begins",
    ),
    "podcast.settings": "No podcast is highlighted or heard",
    "feed.remove": "Only a feed or podcast of your own can be removed",
}


def refusal(command: Command, now: Situation) -> str:
    """Reason why the command cannot be obeyed; empty where it can."""
    if command.when(now):
        return ""
    if command.id == "story.page" and now.pane == "air":
        return "The station list names no website here"
    if _REFUSALS.get(command.id) == _NOT_OPEN and now.pane == "story" and now.story:
        return "The story's text is not there yet"
    return _REFUSALS.get(command.id, f"{command.title}: that cannot be done just now")
