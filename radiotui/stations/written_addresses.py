"""Addresses of a station list's feeds, with the users in them, as the file has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from radiotui.net.urls import LONGEST_URL, parts_of
from radiotui.problems import Problem
from radiotui.stations.toml_sheet import TomlSheet, edit_sheet
from radiotui.text import clean, without_password


def address_of_user(url: str, user: str) -> str:
    """The address with a user's name in it, and without a password."""
    scheme, _, rest = without_password(url).partition("://")
    return f"{scheme}://{quote(user, safe='')}@{rest}" if user else f"{scheme}://{rest}"


def write_user(path: Path, url: str, user: str) -> None:
    """Write the user into a feed's address, and take a password out of it.

    The remarks of the file lose it, too. Blocks. Raises Problem where the file cannot be changed.
    """
    write_address(path, url, address_of_user(url, user))


def write_address(path: Path, url: str, address: str) -> None:
    """Write another address of a feed, wherever it stands. Blocks. Raises Problem."""

    def change(sheet: _WrittenList) -> tuple[_WrittenList, None]:
        text = sheet.text
        for written in set(_addresses(sheet.values)):
            if without_password(clean(written, LONGEST_URL)) == url:
                text = _replaced(text, written, address)
        return replace(sheet, text=text), None

    edit_sheet(path, _WrittenList, change)


class _WrittenList(TomlSheet):
    """A station list of which addresses of feeds are changed, wherever they stand."""

    kind = "station"

    def check(self) -> None:
        """Raises Problem for what is no TOML."""
        if not isinstance(self.values, dict):
            raise Problem(f"{self.name} is no station list")


def _replaced(text: str, written: str, address: str) -> str:
    for quote_sign in "\"'":
        text = text.replace(
            f"{quote_sign}{written}{quote_sign}", f"{quote_sign}{address}{quote_sign}"
        )
    login, _, server = parts_of(written).netloc.rpartition("@")
    if ":" in login:
        # Also in a remark: who comments a feed out leaves its password there.
        user, _, _ = parts_of(address).netloc.rpartition("@")
        text = text.replace(f"//{login}@{server}", f"//{user}@{server}")
    return text


def _addresses(values: dict[str, Any]) -> Iterator[str]:
    """Every address of a feed or podcast, as it is written."""
    for kind in ("feed", "podcast"):
        for table in _tables(values.get(kind)):
            yield from _texts(table.get("url"))
        for station in _tables(values.get("station")):
            yield from _texts(station.get(f"{kind}s"))


def _tables(value: object) -> list[dict[str, Any]]:
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and "://" in text]
