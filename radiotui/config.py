"""The listener's settings, and where radiotui keeps its files.

Importing this module makes no folder and reads no file.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from radiotui.files import keep_private, parse_toml, read_beginning
from radiotui.problems import Problem
from radiotui.text import clean, nearest

_LARGEST_BYTES = 1024 * 1024

EngineName = Literal["auto", "vlc", "builtin", "silent"]
Quality = Literal["low", "medium", "high"]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=False, rename="kebab"):
    """The settings of ``settings.toml``; every field has a default."""

    engine: EngineName = "auto"
    volume: Annotated[int, msgspec.Meta(ge=0, le=100)] = 80
    """Per cent at the first start; afterwards the last one is remembered."""
    theme: str = "radiotui-dark"
    clock: Literal["auto", "12", "24", 12, 24] = "auto"
    """Hours are counted to 12 or to 24; "auto" does as the locale does."""
    tape_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 60
    tape_mib: Annotated[int, msgspec.Meta(ge=4, le=65536)] = 512
    episodes_mib: Annotated[int, msgspec.Meta(ge=64, le=1048576)] = 2048
    """Disk that episodes may take which were begun; what was not heard for longest gives way."""
    downloads: str = ""
    """The folder for downloaded episodes; empty: "Podcasts" in the listener's music."""
    downloads_mib: Annotated[int, msgspec.Meta(ge=64, le=16777216)] = 8192
    """Disk that downloaded episodes may take; what was heard gives way, then what came by
    itself."""
    downloads_at_once: Annotated[int, msgspec.Meta(ge=1, le=8)] = 2
    downloads_new: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    """So many of each podcast's newest episodes are downloaded by themselves; 0: none."""
    downloads_new_of: dict[str, Annotated[int, msgspec.Meta(ge=0, le=100)]] = {}
    """The same for single podcasts, by title or address: ``"News Now" = 1``."""
    downloads_days: Annotated[int, msgspec.Meta(ge=0, le=36500)] = 30
    """So long after it was heard to its end a download is removed, but never one that has a star
    or is queued; 0: only where there is no room."""
    never_silent: bool = True
    """The station that plays goes on until the new one has sound."""
    warm: Annotated[int, msgspec.Meta(ge=0, le=8)] = 0
    """So many of the stations before go on being taped: going back to them is immediate."""
    even_loudness: bool = True
    """Every stream is played as loud as the others, by what was measured of it."""
    mute_ads: bool = False
    """Be silent while the stream says that it sends an advertisement."""
    speed: Annotated[float, msgspec.Meta(ge=0.5, le=3.0)] = 1.0
    """Rate at which stories and episodes are heard at first, at the same pitch."""
    skip_silence: bool = False
    """Silence in episodes is skipped."""
    quality: Quality = "high"
    """Of a station that sends several: about 48, about 96, or as many kbit/s as there are."""
    recordings: str = ""
    """The folder for what is kept; empty: radiotui's folder in the listener's music."""
    refresh_minutes: Annotated[int, msgspec.Meta(ge=5, le=10080)] = 30
    """Age at which a station's stories are asked for again."""
    articles_ahead: Annotated[int, msgspec.Meta(ge=0, le=50)] = 3
    """So many of each feed's newest stories are fetched whole before they are opened; 0: none."""
    keep_days: Annotated[int, msgspec.Meta(ge=0, le=36500)] = 180
    """Older stories are let go of, but never one with a star; 0: none are."""
    pictures: Literal["auto", "off", "kitty", "sixel", "blocks"] = "auto"
    """The way photos are drawn; "auto" draws them where the terminal is known to."""
    sync: Literal["off", "gpodder", "nextcloud"] = "off"
    """The kind of server that podcasts are synchronised with."""
    sync_server: str = ""
    """Its address: "https://gpodder.net", "https://cloud.example.org"."""
    sync_user: str = ""
    sync_device: str = ""
    """Name of this computer there; empty: the one that it has."""
    sync_password_command: str = ""
    """A command that prints the password; without it the keyring is asked."""
    send_to: str = ""
    """A command that is given a story: its words may hold {url}, {title} and {source}."""
    keys: dict[str, str] = {}
    """Command id -> keys, comma separated: ``"player.pause" = "space,p"``."""


class Folders(msgspec.Struct, frozen=True, dict=True):
    """Folders of the files: platformdirs' own, or one root for tests and ``--demo``."""

    root: Path | None = None

    @cached_property
    def config(self) -> Path:
        """Settings and the station list."""
        return self._folder("config")

    @cached_property
    def data(self) -> Path:
        """Files that cannot be made again: the store."""
        return self._folder("data")

    @cached_property
    def cache(self) -> Path:
        """Files that may be thrown away: tapes, pictures."""
        return self._folder("cache")

    @cached_property
    def recordings(self) -> Path:
        """Recordings that a listener made."""
        if self.root is not None:
            return self.root / "recordings"
        from platformdirs import user_music_path

        return user_music_path() / "radiotui"

    @cached_property
    def downloads(self) -> Path:
        """Episodes that a listener downloaded."""
        if self.root is not None:
            return self.root / "downloads"
        from platformdirs import user_music_path

        return user_music_path() / "Podcasts"

    @cached_property
    def log(self) -> Path:
        """The log file's folder."""
        return self._folder("log")

    def keep_private(self) -> None:
        """Take the rights of other users away from the folders that are there already."""
        for folder in (self.config, self.data, self.cache, self.log):
            keep_private(folder)

    def _folder(self, kind: str) -> Path:
        if self.root is not None:
            return self.root / kind
        from platformdirs import PlatformDirs

        return Path(getattr(PlatformDirs("radiotui", appauthor=False), f"user_{kind}_path"))


def read_settings(path: Path) -> tuple[Settings, list[Problem]]:
    """The settings in ``path``, and what was wrong with them.

    A missing file is no problem. A wrong value leaves that setting at its
    default and says so; the file is never written.
    """
    try:
        values = parse_toml(read_beginning(path, _LARGEST_BYTES).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), []
    except (OSError, ValueError, RecursionError) as error:
        return Settings(), [Problem(f"{path.name} cannot be read", _reason(error), str(path))]
    problems: list[Problem] = []
    right: dict[str, object] = {}
    fields = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
    for name, value in values.items():
        if name not in fields:
            meant = nearest(name, list(fields))
            hint = f"did you mean {meant}?" if meant else "see README for the settings"
            title = f"{path.name}: there is no setting {name!r}"
            problems.append(Problem(title, hint, place_of(path, name)))
            continue
        try:
            msgspec.convert(value, fields[name].type)
        except msgspec.ValidationError as error:
            title, place = f"{path.name}: {name}: {error}", place_of(path, name)
            problems.append(Problem(title, f"got {_shown(value)}", place))
        else:
            right[name] = value
    return msgspec.convert(right, Settings), problems


def place_of(path: Path, name: str) -> str:
    """File and line of a setting, or of a key's command: "settings.toml:3". Reads the file."""
    form = rf"^[ \t]*\[?[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*[=.\]]"
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return str(path)
    match = re.search(form, text, re.MULTILINE)
    return f"{path}:{text.count(chr(10), 0, match.start()) + 1}" if match else str(path)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "lists within lists, too deep"
    if isinstance(error, UnicodeDecodeError):
        return "this is not UTF-8, save the file as UTF-8"
    words = error.strerror if isinstance(error, OSError) else None
    return clean(words[:1].lower() + words[1:] if words else str(error), 200)


def _shown(value: object) -> str:
    try:
        return clean(repr(value), 80)
    except ValueError:  # Python refuses to write out thousands of digits
        return "a very long number"


def asset(name: str) -> Path:
    """A file of ``assets/``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "assets" / name
    return installed if installed.exists() else package.parent / "assets" / name
