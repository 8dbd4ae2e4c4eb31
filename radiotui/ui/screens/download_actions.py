"""Commands on downloads of episodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radiotui.app.intents import ToggleDownload
from radiotui.ui.screens.view import MainView


def toggle_download(view: MainView) -> None:
    """Download the episode; of one that is downloaded stop it, or remove its file."""
    if view.subject is None:
        return
    download = view.downloads.of(view.subject.id)
    if view.subject.audio is not None and (download is None or not download.is_wanted):
        view.say(f"Downloading · {view.key('episode.download')} again stops it")
    view.companion.do(ToggleDownload(view.subject.id))


ACTIONS: Mapping[str, Callable[[MainView], None]] = {"episode.download": toggle_download}
