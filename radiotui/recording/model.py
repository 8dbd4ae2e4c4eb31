"""The state of a recording, as a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a tape that goes on, or a copy under way."""

    number: int
    station: str
    """The station's id."""
    stream: str
    """The stream's id."""
    station_name: str
    name: str
    """"Artist - Title", a programme, or the station."""
    began: datetime
    """Wall-clock time at which the station sent its beginning."""
    seconds: float = 0.0
    """Of sound that was written."""
    bytes: int = 0
    path: Path | None = None
    """The file that is written now; hidden until it is whole."""
    kind: Literal["recording", "song", "cut"] = "recording"
    """"recording" goes on until it is stopped, "song" until the next title, "cut" is copied."""
