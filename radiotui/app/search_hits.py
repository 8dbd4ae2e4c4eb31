"""Kinds of results that the one search has."""

from __future__ import annotations

from radiotui.app.airings import Airing
from radiotui.app.clip import Clip
from radiotui.app.history import PlayedItem
from radiotui.recording.model import RecordedFile
from radiotui.stories.model import SearchResult

SearchHit = Airing | SearchResult | PlayedItem | RecordedFile | Clip
"""A broadcast, a story, a title that was heard, a recording, a clip."""
