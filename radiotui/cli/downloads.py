"""Commands ``podcasts download`` and ``podcasts downloads``: episodes as files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from radiotui import text
from radiotui.app.podcast_shapes import download_shape
from radiotui.cli.notes import opened
from radiotui.cli.output import DONE, FAILED, print_json, print_nothing, print_result, write_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiotui.app.companion import Companion
    from radiotui.stories.model import EpisodeDownload

_NONE = "nothing is downloaded: 'radiotui podcasts download EPISODE' brings one"
_MB = 1_000_000


async def download_episodes(companion: Companion, names: Sequence[str], *, as_json: bool) -> int:
    """Bring the files of episodes; 1 where one of them did not come whole."""
    async with opened(companion, radio=False):
        room = companion.downloads
        entries = [await room.named(name) for name in dict.fromkeys(names)]
        await room.want(entries)
        shows_progress = sys.stderr.isatty()

        def progress() -> None:
            if shows_progress:
                write_note(f"\r\x1b[K{_progress(companion, entries)}")

        try:
            await room.bring(entries, progress)
        finally:
            if shows_progress:
                write_note("\r\x1b[K")
        downloads = [each for each in room.snapshot.downloads if each.entry in entries]
    if as_json:
        print_json([download_shape(download) for download in downloads])
    else:
        for download in downloads:
            if download.state == "whole":
                print_result(download.path)
    return DONE if all(download.state == "whole" for download in downloads) else FAILED


async def list_downloads(companion: Companion, *, as_json: bool) -> int:
    """Print every download; 1 where there is none."""
    async with opened(companion, radio=False):
        downloads = (await companion.downloads.listed()).downloads
    if as_json:
        print_json([download_shape(download) for download in downloads])
    else:
        for download in downloads:
            _print_download(download)
    return DONE if downloads else print_nothing(_NONE)


async def remove_downloads(companion: Companion, names: Sequence[str], *, as_json: bool) -> int:
    """Remove the files of episodes, or want them no more."""
    async with opened(companion, radio=False):
        entries = [await companion.podcasts.named_episode(name) for name in dict.fromkeys(names)]
        downloads = [await companion.downloads.delete(entry) for entry in entries]
    if as_json:
        print_json([download_shape(download) for download in downloads])
    else:
        for download in downloads:
            print_result(f"{download.title} is not downloaded any more")
    return DONE


def _progress(companion: Companion, entries: Sequence[int]) -> str:
    """ "1 of 3 episodes, 45% of 120.5 MB"."""
    downloads = [each for each in companion.downloads.snapshot.downloads if each.entry in entries]
    done = sum(download.state == "whole" for download in downloads)
    total = sum(download.total or 0 for download in downloads)
    there = sum(min(download.bytes_there, download.total or 0) for download in downloads)
    share = f", {100 * there // total}% of {total / _MB:.1f} MB" if total else ""
    return f"{done} of {len(downloads)} episodes{share}"


def _print_download(download: EpisodeDownload) -> None:
    size = f"{(download.total or 0) / _MB:.1f} MB" if download.total else ""
    share = download.share
    state = f"{int(100 * share)}%" if share and download.state == "running" else download.state
    podcast = text.fit(download.podcast, 24)
    print_result(f"{download.entry:>6} {state:>8} {size:>9}  {podcast}  {download.title}")
    if download.path:
        print_result(f"       {download.path}")
    if download.problem is not None:
        print_result(f"       {download.problem}")
