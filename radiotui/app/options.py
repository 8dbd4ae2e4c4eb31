"""Options of one run, and the files that follow from them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from radiotui.config import EngineName, Folders


def chosen_folder(setting: str, default: Path) -> Path:
    """The folder that a setting names, or else the default."""
    return Path(setting).expanduser() if setting else default


class Options(msgspec.Struct, frozen=True):
    """Options of the command line."""

    stations: Path | None = None
    config: Path | None = None
    engine: EngineName | None = None
    demo: bool = False
    folders: Folders = msgspec.field(default_factory=Folders)

    @property
    def stations_path(self) -> Path:
        """The station list in use."""
        return self.stations or self.folders.config / "stations.toml"

    @property
    def own_stations_path(self) -> Path | None:
        """The station list that can be changed; None where there is the Test Signal alone."""
        return None if self.demo else self.stations_path

    @property
    def settings_path(self) -> Path:
        """The settings in use."""
        return self.config or self.folders.config / "settings.toml"

    @property
    def store_path(self) -> Path:
        """The store's file: stories, history and the saved session."""
        return self.folders.data / "radiotui.db"
