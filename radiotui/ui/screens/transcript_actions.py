"""Commands on transcripts: opening, following the sound, hearing from a line on, copying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from radiotui.problems import Problem
from radiotui.ui.screens.view import MainView

if TYPE_CHECKING:
    from radiotui.stories.model import Headline
    from radiotui.stories.transcript_lines import EpisodeTranscript
    from radiotui.ui.widgets.reader.spoken_source import SpokenSource
    from radiotui.ui.widgets.reader.transcript_view import TranscriptView


def toggle_transcript(view: MainView) -> None:
    """Open the transcript of the story, else of what is heard; or go back from it to the story."""
    from radiotui.ui.widgets.reader.spoken_source import SpokenSource

    if view.transcript is not None and view.pane == "story":
        close_transcript(view)
        return
    if view.pane != "air" and view.subject is not None:
        source: SpokenSource | None = SpokenSource.of_headline(view.subject)
    else:
        source = SpokenSource.of_item(view.player_state.story)
    if source is None:
        view.say("A transcript is of an episode · choose one, or hear it")
    else:
        open_transcript(view, source)


def open_transcript(
    view: MainView, source: SpokenSource, *, language: str | None = None, at: float | None = None
) -> None:
    """Show a transcript in the reader's place: where the sound is, or at a second."""
    showing = _show(view, source, language, at, follows=False)
    view.run_worker(showing, group="transcript", exclusive=True, exit_on_error=False)


def hear_result(view: MainView, headline: Headline, at: float) -> None:
    """Hear an episode from the second at which words are said, and show them in its transcript."""
    from radiotui.ui.widgets.reader.spoken_source import SpokenSource

    source = SpokenSource.of_headline(headline)
    view.companion.do(source.intent(at))
    showing = _show(view, source, None, at, follows=True)
    view.run_worker(showing, group="transcript", exclusive=True, exit_on_error=False)


async def _show(
    view: MainView,
    source: SpokenSource,
    language: str | None,
    at: float | None,
    *,
    follows: bool,
) -> None:
    from radiotui.ui.widgets.reader.transcript_view import TranscriptView

    try:
        source, transcript = await _fetch(view, source, language)
    except Problem as problem:
        view.report(problem)
        return
    before = view.transcript
    close_transcript(view)
    if before is not None:
        # Two may not stand there at once.
        await before.remove()
    shown = TranscriptView(view.keymap, view, source, transcript, at, follows=follows)
    await view.query_one("#panes").mount(shown)
    view.transcript = shown
    view.set_class(True, "-transcript")
    view.go_to("story")


async def _fetch(
    view: MainView, source: SpokenSource, language: str | None
) -> tuple[SpokenSource, EpisodeTranscript]:
    """The words, and the source with the languages that there are."""
    podcasts = view.companion.podcasts
    if source.headline is None:
        return source, await podcasts.transcript_of(source.path)
    transcript = await podcasts.transcript(source.headline, language)
    languages = await podcasts.transcript_languages(source.headline)
    return replace(source, languages=languages), transcript


def close_transcript(view: MainView) -> None:
    """Show the story again."""
    shown, view.transcript = view.transcript, None
    if shown is not None:
        view.set_class(False, "-transcript")
        if view.pane == "story":
            view.go_to("story")
        shown.remove()


def go_to_ear(view: MainView) -> None:
    """Follow the sound again."""
    shown = view.transcript
    if shown is not None and shown.is_heard:
        view.go_to("story")
        shown.go_to_ear()
    else:
        view.say(view.with_keys("It is not heard just now · {list.choose} on a line begins there"))


def other_language(view: MainView) -> None:
    """The transcript in the next language, at the same second."""
    shown = view.transcript
    if shown is None:
        return
    languages, language = shown.source.languages, shown.transcript.language
    if len(languages) < 2:
        view.say("There is no other transcript of it")
        return
    at = languages.index(language) if language in languages else -1
    following = languages[(at + 1) % len(languages)]
    second = None if shown.follows else shown.second
    open_transcript(view, shown.source, language=following, at=second)


def hear_line(view: MainView, shown: TranscriptView) -> None:
    """Hear the episode from the chosen line on."""
    if shown.second is None:
        view.say("This transcript has no times")
    else:
        shown.action_hear(shown.second)


def copy_lines(view: MainView, lines: list[str] | None) -> None:
    """Copy lines of the transcript with their times and their source."""
    from radiotui.ui.kit.share import transcript_quotation

    if lines and view.transcript is not None:
        source = view.transcript.source
        words = transcript_quotation(source.title, source.podcast, lines, source.url)
        view.app.copy_to_clipboard(words)
        view.say("The lines are in your clipboard, with their times and their source")


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    "story.transcript": toggle_transcript,
    "transcript.ear": go_to_ear,
    "transcript.language": other_language,
}
