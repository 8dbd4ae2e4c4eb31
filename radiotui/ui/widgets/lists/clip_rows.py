"""Rows of clips: what they are of, where, how long, and the note or the words."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from radiotui.app.clip import Clip
from radiotui.text import age, clock_duration
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.kit.row import Row

_DOT = Content(" · ")


def clip_row(clip: Clip, now: datetime) -> Row:
    """A clip in two lines; the second ends with its note, else with what is said in it."""
    parts = [
        untrusted(clip.source, "dim"),
        trusted(clip.place, "dim"),
        untrusted(clip.note, "italic") if clip.note else untrusted(" ".join(clip.lines), "dim"),
    ]
    length = f"{clock_duration(clip.seconds)}{'' if clip.path else ' without sound'}"
    return Row(
        trusted("✂ ", "$accent"),
        untrusted(clip.title),
        trusted(f"{length}  {age(now - clip.made_at)}", "dim"),
        under=_DOT.stylize("dim").join([part for part in parts if part]),
    )
