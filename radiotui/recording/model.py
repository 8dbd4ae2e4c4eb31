"""The state of a recording, as a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Recording:
    """What is being kept of a tape while it comes."""

    number: int
    station: str
    """The station's id."""
    stream: str
    """The stream's id."""
    station_name: str
    name: str
    """What it is: "Artist - Title", a programme, or the station."""
    began: datetime
    """When the station sent its beginning."""
    seconds: float = 0.0
    """Of sound that was written."""
    bytes: int = 0
    path: Path | None = None
    """What is written now; hidden until it is whole."""
    kind: Literal["recording", "song", "cut"] = "recording"
    """"recording" goes on until it is stopped, "song" until the next title, "cut" is copied."""
