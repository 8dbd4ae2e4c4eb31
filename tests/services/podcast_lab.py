"""A list with a station's podcast and room for the listener's own, over a server on loopback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from radiotui.app.feed_logins import FeedLogins, FeedLoginsDeps
from radiotui.app.followed_feeds import FollowedFeeds
from radiotui.app.podcasts import Podcasts, PodcastsDeps
from radiotui.documents.processes import WorkerPool
from radiotui.net.client import Net
from radiotui.net.local_network import LocalHosts
from radiotui.net.logins import Logins
from radiotui.net.passwords import Passwords
from radiotui.podcasts.apple import AppleDirectory
from radiotui.podcasts.fyyd import FyydDirectory
from radiotui.problems import Problem
from radiotui.stations.file import read_station_list
from radiotui.store import Store
from radiotui.stories.model import StoryList
from radiotui.stories.service import StoryService
from tests.servers import Server
from tests.services.guide_lab import Time, utc

NOW = utc("2026-03-06 20:00")


class PodcastLab:
    """The companion's room for podcasts, with directories that are served here."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server = server
        self.path = folder / "stations.toml"
        self.path.write_text(
            '[[station]]\nid = "knau"\nname = "KNAU"\ntimezone = "UTC"\n'
            f'podcasts = ["{server.url("/station.rss")}"]\n'
            '[[station.stream]]\nid = "live"\nname = "Live"\nurl = "http://127.0.0.1:9/live"\n'
        )
        self.time = Time(NOW)
        self.environ = dict(os.environ)
        """The environment that passwords are looked for in."""
        passwords = Passwords(environ=self.environ)
        self.logins = Logins(passwords, remedy="'radiotui podcasts password' asks for it")
        self.net = Net(logins=self.logins)
        self.store = Store(folder / "radiotui.db", clock=self.time.clock)
        self.notices: list[Problem] = []
        self.told: list[StoryList] = []
        """Lists that changed, the newest last."""
        self.workers = WorkerPool()
        self.stories = StoryService(
            self.net, self.store, clock=self.time.clock, on_change=self.told.append
        )

        async def opened() -> Any:
            return SimpleNamespace(
                story_service=self.stories,
                store=self.store,
                net=self.net,
                page_workers=self.workers,
                local_hosts=LocalHosts(),
                logins=self.logins,
                passwords=passwords,
            )

        spawn = asyncio.get_running_loop().create_task
        apple = AppleDirectory(server.url(""))
        shared = (opened, self.time.clock, self.notices.append, spawn)
        self.feed_logins = FeedLogins(FeedLoginsDeps(*shared, self.feeds, self.path))
        self.podcasts = Podcasts(
            PodcastsDeps(
                *shared,
                self.feeds,
                self.path,
                apple,
                (apple, FyydDirectory(server.url(""))),
            )
        )

    def feeds(self) -> FollowedFeeds:
        """The list as it stands in the file now."""
        station_list = read_station_list(self.path)
        assert station_list.problems == ()
        self.logins.set_list(station_list.logins)
        return FollowedFeeds(station_list, station_list)

    async def close(self) -> None:
        """End what runs."""
        await self.stories.close()
        await self.workers.close()
        await self.store.close()
        await self.net.aclose()


@pytest.fixture
async def lab(tmp_path: Path, server: Server) -> AsyncIterator[PodcastLab]:
    """The room over the test's own server."""
    lab = PodcastLab(tmp_path, server)
    yield lab
    await lab.close()
