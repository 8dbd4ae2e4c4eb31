"""The radio lab as fixtures; see :mod:`tests.lab.radio_lab`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.radio_lab import Ear, Icecast, PulseAudio


@pytest.fixture(scope="package")
def pulse() -> Iterator[PulseAudio]:
    """A sound server that this process and its children play to."""
    with PulseAudio() as pulse:
        yield pulse


@pytest.fixture
def ear(pulse: PulseAudio) -> Ear:
    """What is heard."""
    return pulse.ear


@pytest.fixture
def icecast() -> Iterator[Icecast]:
    """A station with nothing on the air yet."""
    with Icecast() as icecast:
        yield icecast
