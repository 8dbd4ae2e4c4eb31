"""Settings of a podcast: their values, the words for them, and how they are typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from radiotui.net.typed import json_decoder
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean, shorten

EpisodeOrder = Literal["newest", "oldest"]
Value = float | int | bool | str | None
SLOWEST, FASTEST = 0.5, 3.0
_MOST_GAIN_DB = 20.0
_MOST_SKIPPED = 1800.0
_MOST_DOWNLOADS = 100
_AS_EVERY = "as every podcast"


class PodcastSettings(Struct, frozen=True, omit_defaults=True):
    """A listener's settings of one podcast; None: as every podcast."""

    speed: float | None = None
    """Rate at which it is heard, at the same pitch."""
    gain: float | None = None
    """Gain over the volume in dB; None: the one that makes it as loud as other sound."""
    skip_intro: float = 0.0
    """Seconds at the beginning of each episode that are skipped."""
    skip_outro: float = 0.0
    """Seconds at its end."""
    skip_silence: bool | None = None
    downloads: int | None = None
    """Number of the newest episodes that are downloaded by themselves."""
    order: EpisodeOrder | None = None
    """The episode that comes first; None: as the podcast is made."""
    notifications: bool = False
    """True where a new episode is told of."""


def read_settings(written: str) -> PodcastSettings:
    """Settings as they are stored; empty: none. Raises ValueError for what is damaged."""
    if not written:
        return PodcastSettings()
    settings = json_decoder(PodcastSettings).decode(written)
    for setting in SETTINGS:
        setting.check(getattr(settings, setting.field))
    return settings


def write_settings(settings: PodcastSettings) -> str:
    """Settings as :func:`read_settings` reads them; empty where nothing is set."""
    return "" if settings == PodcastSettings() else msgspec.json.encode(settings).decode()


class PodcastSetting(Struct, frozen=True):
    """One of the settings: its name, its values, and their words."""

    name: str
    """As it is typed: "skip-intro"."""
    title: str
    steps: tuple[Value, ...]
    """Values that a key goes through, in order; others may be typed."""
    words: Callable[[Value], str]
    read: Callable[[str], Value]
    """Value of a typed word. Raises ValueError."""
    typed: str
    """What may be typed."""

    @property
    def field(self) -> str:
        """Name of the field in :class:`PodcastSettings`."""
        return self.name.replace("-", "_")

    def of(self, settings: PodcastSettings) -> Value:
        """Value in those settings."""
        value: Value = getattr(settings, self.field)
        return value

    def next_to(self, settings: PodcastSettings, by: int) -> PodcastSettings:
        """The settings with the value before (-1) or after (1) the one they have, if there is any.

        A value that was typed lies between two.
        """
        value, last = self.of(settings), len(self.steps) - 1
        if value in self.steps:
            at = self.steps.index(value) + by
        else:
            assert isinstance(value, int | float)
            numbers = [step for step in self.steps if isinstance(step, int | float)]
            beyond = [step for step in numbers if (step - value) * by > 0]
            if not beyond:
                return settings
            at = self.steps.index(beyond[0 if by > 0 else -1])
        return replace(settings, **{self.field: self.steps[min(last, max(0, at))]})

    def check(self, value: Value) -> None:
        """Raise ValueError for a value that cannot be typed."""
        if value not in self.steps:
            self.read(str(value))


def setting_words(settings: PodcastSettings) -> list[tuple[PodcastSetting, str]]:
    """Each setting with the words of its value."""
    return [(setting, setting.words(setting.of(settings))) for setting in SETTINGS]


def changed_settings(settings: PodcastSettings, typed: Sequence[str]) -> PodcastSettings:
    """The settings with those of ``typed``, such as "speed=1.3". Raises Problem."""
    by_name = {setting.name: setting for setting in SETTINGS}
    for pair in typed:
        name, equals, word = clean(pair, 200).partition("=")
        setting = by_name.get(name.strip().replace("_", "-").casefold())
        if setting is None or not equals:
            hint = f"NAME=VALUE, of: {', '.join(by_name)}"
            title = f"{shorten(clean(pair), 40)!r} is no setting of a podcast"
            raise Problem(title, hint, kind=ProblemKind.USAGE)
        word = word.strip().casefold()
        try:
            value = setting.of(PodcastSettings()) if word == "default" else setting.read(word)
        except ValueError as error:
            title = f"{setting.name} cannot be {shorten(word, 40)!r}"
            raise Problem(
                title, f"it is {setting.typed}, or default", kind=ProblemKind.USAGE
            ) from error
        settings = replace(settings, **{setting.field: value})
    return settings


def _number(least: float, most: float, none: str = "") -> Callable[[str], Value]:
    def read(word: str) -> Value:
        if none and word == none:
            return None
        number = float(word.removesuffix("x").removesuffix("s").removesuffix("db"))
        if not least <= number <= most:
            raise ValueError(word)
        return round(number, 2)

    return read


def _count(word: str) -> Value:
    if not word.isdecimal() or int(word[:6]) > _MOST_DOWNLOADS:
        raise ValueError(word)
    return int(word)


def _switch(word: str) -> Value:
    if word in {"on", "yes", "true", "1"}:
        return True
    if word in {"off", "no", "false", "0"}:
        return False
    raise ValueError(word)


def _order(word: str) -> Value:
    if word not in {"newest", "oldest"}:
        raise ValueError(word)
    return word


def _speed_words(value: Value) -> str:
    return _AS_EVERY if value is None else f"{value:g}×"


def _gain_words(value: Value) -> str:
    return "as loud as other sound" if value is None else f"{value:+g} dB"


def _skip_words(value: Value) -> str:
    return f"{value:g} s" if value else "nothing"


def _switch_words(value: Value) -> str:
    return _AS_EVERY if value is None else "yes" if value else "no"


def _downloads_words(value: Value) -> str:
    return _AS_EVERY if value is None else f"the newest {value}" if value else "none"


def _order_words(value: Value) -> str:
    return "as the podcast is made" if value is None else f"the {value} first"


_SPEEDS = tuple(round(SLOWEST + number / 10, 1) for number in range(26))
_BELOW_NORMAL = 5
"""Speeds slower than the one that was spoken: between those and the rest is no speed at all."""
_GAINS = tuple(map(float, range(-12, 13)))
_SKIPS = (0.0, *(5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0))

SETTINGS: tuple[PodcastSetting, ...] = (
    PodcastSetting(
        *("speed", "Speed", (*_SPEEDS[:_BELOW_NORMAL], None, *_SPEEDS[_BELOW_NORMAL:])),
        _speed_words,
        *(_number(SLOWEST, FASTEST), "0.5 to 3"),
    ),
    PodcastSetting(
        *("gain", "Gain", (*_GAINS[:12], None, *_GAINS[12:]), _gain_words),
        *(_number(-_MOST_GAIN_DB, _MOST_GAIN_DB, "auto"), "-20 to 20 dB, or auto"),
    ),
    PodcastSetting(
        *("skip-intro", "Skip at the beginning", _SKIPS, _skip_words),
        *(_number(0.0, _MOST_SKIPPED), "0 to 1800 seconds"),
    ),
    PodcastSetting(
        *("skip-outro", "Skip at the end", _SKIPS, _skip_words),
        *(_number(0.0, _MOST_SKIPPED), "0 to 1800 seconds"),
    ),
    PodcastSetting(
        *("skip-silence", "Skip silence", (None, False, True), _switch_words),
        *(_switch, "on or off"),
    ),
    PodcastSetting(
        *("downloads", "Download by itself", (None, 0, 1, 2, 3, 5, 10, 20), _downloads_words),
        *(_count, "0 to 100 of the newest"),
    ),
    PodcastSetting(
        *("order", "Order", (None, "newest", "oldest"), _order_words),
        *(_order, "newest or oldest"),
    ),
    PodcastSetting(
        *("notifications", "Tell of new episodes", (False, True), _switch_words),
        *(_switch, "on or off"),
    ),
)
"""Every setting, in the order of the sheet."""
