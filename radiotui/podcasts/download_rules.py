"""Rules of which downloads are removed by themselves, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from radiotui.store.downloads import StoredDownload

_LONG_AGO = datetime.fromtimestamp(0, UTC)


def superfluous(
    finished: Iterable[StoredDownload],
    now: datetime,
    *,
    after: timedelta | None,
    most_bytes: int,
    spared: Collection[int] = (),
) -> list[StoredDownload]:
    """The finished downloads that are to be removed, in that order.

    Those that were heard to their end go ``after`` a while (None: they stay as long as there is
    room). Where all have more than ``most_bytes``, those that were heard go first, the earliest
    first, then those that came by themselves, the oldest first. One that is starred, or whose
    entry is ``spared``, stays whatever comes; so does one that the listener asked for and has not
    heard.
    """
    finished = list(finished)
    loose = [
        download
        for download in finished
        if not download.is_starred and download.entry not in spared
    ]
    played = sorted(
        (download for download in loose if download.played_at is not None), key=_played_at
    )
    unheard = sorted(
        (download for download in loose if download.played_at is None and download.is_automatic),
        key=lambda download: download.finished_at or _LONG_AGO,
    )
    rest = sum(download.size for download in finished)
    removed = []
    for download in (*played, *unheard):
        is_old = after is not None and download in played and now - _played_at(download) >= after
        if is_old or rest > most_bytes:
            removed.append(download)
            rest -= download.size
    return removed


def _played_at(download: StoredDownload) -> datetime:
    return download.played_at or _LONG_AGO
