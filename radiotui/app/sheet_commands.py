"""Commands of the sheets: each a name and a title, by the sheet's context."""

from __future__ import annotations

from collections.abc import Mapping

from radiotui.app.command import SHEETS, Command

SHEET_TITLES: Mapping[str, str] = {
    SHEETS: "In every sheet",
    "titles": "In the titles",
    "recordings": "In the recordings",
    "clips": "In the clips",
    "rename": "Typing another name",
    "search": "In the search",
    "newscast": "In the queue",
    "queues": "Among the queues",
    "feeds": "In the feeds",
    "keep": "In the keep sheet",
    "sleep": "In the sleep sheet",
    "found": "Finding stations",
    "checks": "In the check of the stations",
    "on_now": "In what is on now",
    "day": "In the day",
    "belongings": "In what is the programme's",
    "marks": "In the marks",
    "alarm": "Setting an alarm",
    "tapes": "In the tapes",
    "links": "In the links",
    "find": "Finding in a story",
    "narrow": "Finding in a list",
    "quote": "Quoting a story",
    "changes": "In the changes",
    "export": "Writing a list",
    "add_feed": "Adding a feed",
    "add_podcast": "Adding a podcast",
    "podcast_settings": "In a podcast's settings",
    "confirm": "In a question",
    "help": "In the help",
}
"""Headings of the sheets in the help, by context."""


def _sheet(context: str, *commands: tuple[str, str]) -> tuple[Command, ...]:
    """Commands of one sheet: each a name and a title."""
    group = SHEET_TITLES[context]
    prefix = "sheet" if context == SHEETS else context
    return tuple(
        Command(f"{prefix}.{name}", title, "", group, context=context) for name, title in commands
    )


_LEAVE = "Out of the search, out of the sheet"
_PAGES = (("down", "Down"), ("up", "Up"), ("page_down", "Page down"), ("page_up", "Page up"))
_ENDS = (("top", "To the newest"), ("bottom", "To the bottom"))
_MARKS = (
    ("remind", "Be reminded of it, or no longer"),
    ("tune", "Tune in to it, or not"),
    ("record", "Record it, or not"),
    ("weekly", "Every week, or once"),
)

SHEET_COMMANDS: tuple[Command, ...] = (
    *_sheet(
        SHEETS,
        ("close", "Close"),
        ("down", "Down"),
        ("up", "Up"),
        ("top", "To the top"),
        ("bottom", "To the bottom"),
    ),
    *_sheet(
        "titles",
        *(("leave", _LEAVE), ("close", "Close"), *_PAGES, *_ENDS),
        ("star", "Star, or no longer"),
        ("starred_only", "Starred only, or all"),
        ("copy", "Copy artist and title"),
        ("keep", "Keep the song"),
        ("export", "Write the list into a file"),
        ("forget", "Take out of the list"),
        ("undo", "Put back what was taken out"),
        ("find", "Find"),
    ),
    *_sheet(
        "recordings",
        *(("leave", _LEAVE), ("close", "Close"), *_PAGES, *_ENDS),
        ("rename", "Rename"),
        ("delete", "Delete"),
        ("undo", "Bring back what was deleted"),
        ("queue", "Into the queue"),
        ("play_next", "Hear it next"),
        ("copy", "Copy the file's path"),
        ("copy_folder", "Copy the folder's path"),
        ("find", "Find"),
    ),
    *_sheet(
        "clips",
        *(("leave", _LEAVE), ("close", "Close"), *_PAGES, *_ENDS),
        ("note", "Write a note on it"),
        ("remove", "Delete"),
        ("undo", "Bring back what was deleted"),
        ("copy", "Copy it as text, with its time"),
        ("copy_path", "Copy the path of its file"),
        ("find", "Find"),
    ),
    *_sheet("rename", ("close", "Leave the name as it is")),
    *_sheet(
        "search",
        *(("close", "Close"), *_PAGES),
        ("results", "To the marks, and back"),
        *_MARKS,
    ),
    *_sheet(
        "newscast",
        ("close", "Close"),
        ("play", "Hear it from its beginning"),
        ("remove", "Take out"),
        ("later", "Later"),
        ("earlier", "Earlier"),
        ("undo", "Undo the last change"),
        ("clear", "Take all out"),
        ("fill", "Fill it by its rule"),
        ("rule", "Write its rule"),
        ("names", "Other queues"),
        ("find", "Find"),
    ),
    *_sheet(
        "queues",
        ("close", "Close"),
        ("new", "Begin a queue"),
        ("rename", "Rename"),
        ("delete", "Delete"),
        ("undo", "Undo the last change"),
    ),
    *_sheet("feeds", ("close", "Close")),
    *_sheet("keep", ("close", "Close")),
    *_sheet("sleep", ("close", "Close")),
    *_sheet(
        "found",
        ("leave", "Back to what was heard, close"),
        *(("close", "Close, and hear it on"), *_PAGES),
        *(("top", "To the top"), ("bottom", "To the bottom")),
        ("listen", "Hear it, its next stream"),
        ("add", "Add to the stations"),
        ("undo", "Undo the last change"),
        ("find", "Type other words"),
    ),
    *_sheet(
        "checks",
        ("take", "Take the new address"),
        ("take_all", "Take all new addresses"),
        ("undo", "Undo the last change"),
        ("again", "Try all once more"),
    ),
    *_sheet(
        "on_now",
        *(("leave", _LEAVE), ("close", "Close"), *_PAGES),
        *(("top", "To the top"), ("bottom", "To the bottom")),
        ("day", "The stream's day"),
        ("find", "Find"),
    ),
    *_sheet("belongings", ("close", "Close"), ("find", "Find its podcast, and add it")),
    *_sheet(
        "day",
        *(("close", "Close"), ("earlier", "The day before"), ("later", "The day after")),
        *_MARKS,
    ),
    *_sheet("alarm", ("close", "Close")),
    *_sheet(
        "marks",
        *(("close", "Close"), ("remove", "Remove the mark"), ("weekly", "Every week, or once")),
    ),
    *_sheet("tapes", ("close", "Close")),
    *_sheet("links", ("close", "Close")),
    *_sheet("find", ("close", "Close"), ("next", "Next place"), ("previous", "Previous place")),
    *_sheet("narrow", ("close", "The whole list again"), ("keep", "Go on in the list"), *_PAGES),
    *_sheet(
        "quote",
        ("close", "Close"),
        ("down", "Next paragraph"),
        ("up", "Previous paragraph"),
        ("more", "One paragraph more"),
        ("less", "One paragraph less"),
        ("copy", "Copy the quotation"),
    ),
    *_sheet("changes", ("close", "Close")),
    *_sheet("export", ("close", "Close"), ("text", "Text"), ("csv", "CSV"), ("json", "JSON")),
    *_sheet(
        "add_feed",
        ("close", "Close"),
        ("next_field", "Next line"),
        ("previous_field", "Previous line"),
    ),
    *_sheet(
        "add_podcast",
        *(("close", "Close"), *_PAGES),
        *(("top", "To the top"), ("bottom", "To the bottom")),
        ("find", "Type other words"),
    ),
    *_sheet(
        "podcast_settings",
        *(("close", "Close"), ("less", "The value before"), ("more", "The next value")),
    ),
    *_sheet("confirm", ("yes", "Do it"), ("no", "Leave it")),
    *_sheet("help", ("close", "Close")),
)
