"""Names of a feed's entries: the guid, or what stands in for one.

A name must be one entry's alone and stay the same at every refresh: what the listener did to an
entry hangs on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from radiotui.feeds.parsing.entry_builder import Draft

_LONGEST_NAME = 500


class Names(msgspec.Struct, frozen=True):
    """The names that an entry could have."""

    guid: str
    link: str
    enclosure: str
    title_and_date: str

    @property
    def usual(self) -> str:
        """The name of an entry in a feed that names its entries well."""
        return self.guid or self.link or self.enclosure or self.title_and_date

    @property
    def substitutes(self) -> tuple[str, ...]:
        """Names for entries that have the usual one in common, best first.

        Of two with one guid only the address tells that they are two: a title may be corrected.
        """
        if self.guid:
            return self.link, self.enclosure
        return self.enclosure, f"{self.link} {self.title_and_date}".strip()


def by_name(drafts: Iterable[Draft]) -> dict[str, Draft]:
    """The entries by their names, in the feed's order; of two that are one the first."""
    drafts = list(drafts)
    groups: dict[tuple[str, bool], list[Draft]] = {}
    for draft in drafts:
        names = draft.names
        groups.setdefault((names.usual, bool(names.guid)), []).append(draft)
    for group in groups.values():
        for draft, name in zip(group, _names_within(group), strict=True):
            draft.entry = replace(draft.entry, guid=short_name(name))
    first_ones: dict[str, Draft] = {}
    for draft in drafts:
        first_ones.setdefault(draft.entry.guid, draft)
    return first_ones


def _names_within(group: Sequence[Draft]) -> list[str]:
    """A name for each entry of a group that has its usual one in common."""
    usual = [draft.names.usual for draft in group]
    if len(group) == 1:
        return usual
    levels = [
        list(level) for level in zip(*(draft.names.substitutes for draft in group), strict=True)
    ]
    if not group[0].names.guid:
        levels.append([draft.digest for draft in group])
    for level in levels:
        if all(level) and len(set(level)) == len(group):
            return level
    best = max(levels, key=lambda level: (all(level), len(set(level))))
    # Two that say the same are one, and it has its name of before.
    return usual if group[0].names.guid or len(set(best)) == 1 else best


def short_name(name: str) -> str:
    """``name``, or a hash where it is endless."""
    return name if len(name) <= _LONGEST_NAME else f"sha256:{digest_of(name)}"


def digest_of(text: str) -> str:
    """Hash of a text, the same in every version."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
