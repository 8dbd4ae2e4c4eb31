"""Situation of the main screen, which decides what commands make sense."""

from __future__ import annotations

from radiotui.app.command import Situation
from radiotui.player.state import PlayState
from radiotui.stories.model import Story
from radiotui.ui.screens.list_actions import own_feed, podcast_at
from radiotui.ui.screens.station_actions import own_station
from radiotui.ui.screens.view import MainView


def situation_of(view: MainView) -> Situation:
    """The facts, as the screen has them now."""
    page = view.subject.link if view.subject else None
    if view.pane == "air":
        page = view.station.homepage if view.station else None
    return Situation(
        pane=view.pane,
        tuned=view.player_state.state is not PlayState.STOPPED,
        streams=view.air.chosen is not None or view.player_state.tuned is not None,
        stories=bool(view.story_list and view.story_list.headlines),
        story=view.subject is not None,
        page=bool(page),
        open=isinstance(view.story, Story),
        transcript=view.transcript is not None,
        spoken=view.player_state.story is not None,
        own_feed=own_feed(view) is not None,
        podcast=podcast_at(view) is not None,
        recording=bool(view.player_state.recordings),
        station=own_station(view) is not None,
        feeds=view.section is not None and (not view.story_list or view.story_list.has_feeds),
    )
