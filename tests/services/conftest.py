"""What several of these tests begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from radiotui.net.client import Net
from tests.services.guide_lab import Service
from tests.services.tuner_lab import Listening

SILENCE = 1.0
"""Seconds without a byte after which a station counts as gone."""


@pytest.fixture
def service() -> Iterator[Service]:
    """A schedule service or a directory, on loopback."""
    with Service() as running:
        yield running


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    """The way out, closed afterwards."""
    one = Net()
    yield one
    await one.aclose()


@pytest.fixture
async def tune(tmp_path: Path):
    net = Net(silence=SILENCE)
    opened: list[Listening] = []

    def tune(*urls: str, **more: object) -> Listening:
        opened.append(Listening(net, urls, tmp_path, **more))
        return opened[-1]

    yield tune
    for listening in opened:
        await listening.close()
    await net.aclose()
