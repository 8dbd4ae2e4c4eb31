"""Private parts of Textual and textual_image: each still does what the screen relies on."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from rich.console import Console
from rich.segment import Segment
from textual.app import App
from textual.geometry import Region
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from radiotui.ui.kit import textual_private as private
from tests.ui.textual_private import crash_reports, screen_strips, tap_terminal


class Bare(private.GuardedApp[None]):
    """An app that survives a fault, or does not."""

    def __init__(self, *, survives: bool) -> None:
        super().__init__()
        self.survives = survives
        self.faults: list[Exception] = []

    def survive(self, error: Exception) -> bool:
        self.faults.append(error)
        return self.survives


async def test_a_notification_is_there_at_once_and_is_taken_back():
    app = App[None]()
    async with app.run_test(notifications=True) as pilot:
        notification = Notification("Live", markup=False)
        private.notify_at_once(app, notification)
        await pilot.pause()
        assert len(list(app.screen.query("Toast"))) == 1
        private.take_back(app, notification)
        private.notify_at_once(app, Notification("This is live", markup=False))
        await pilot.pause()
        assert len(list(app.screen.query("Toast"))) == 1


class Above(ModalScreen[None]):
    """A sheet that counts how often it is drawn."""

    drawings = 0

    def refresh(self, *regions: Region, **how: bool) -> Above:
        self.drawings += 1
        return super().refresh(*regions, **how)


async def test_a_covered_screen_is_drawn_once_for_a_change():
    app, below, above = App[None](), private.CoveredScreen[None](), Above()
    async with app.run_test() as pilot:
        await app.push_screen(below)
        label = Static("Late", markup=False)
        await below.mount(label)
        await app.push_screen(above)
        await pilot.pause()
        before = above.drawings
        label.update("Early")
        await pilot.pause()
        after = above.drawings
        assert after > before
        for _ in range(5):
            below.call_later(lambda: None)
            await pilot.pause()
        assert above.drawings == after


class Sheet(private.CoveredScreen[None], ModalScreen[None]):
    """A sheet of a line, through which the screen below is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Static("Late", markup=False)

    def compose(self) -> Iterator[Static]:
        yield self.line


async def test_a_sheet_is_drawn_though_a_part_below_it_changes_in_the_same_moment():
    app, below, sheet = App[None](), private.CoveredScreen[None](), Sheet()
    label = Static("one\ntwo\nthree", markup=False)
    async with app.run_test(size=(20, 6)) as pilot:
        await app.push_screen(below)
        await below.mount(label)
        await app.push_screen(sheet)
        await pilot.pause()
        sheet.line.refresh()
        sheet.refresh(Region(0, 2, 20, 1))
        drawn: list[Region] = []
        update = sheet.line.render_lines

        def render_lines(crop: Region) -> list[Strip]:
            drawn.append(crop)
            return update(crop)

        sheet.line.render_lines = render_lines  # type: ignore[method-assign]
        await pilot.pause()
        assert drawn


class Page(private.LiveWidget, Static):
    """Lines that note which of them are taken for the screen."""

    def __init__(self, text: str) -> None:
        super().__init__(text, markup=False)
        self.taken: list[range] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        self.taken.append(range(*crop.line_span))
        return super().render_lines(crop)


async def until_drawn(pilot: Pilot[None], *pages: Page) -> None:
    """Wait until the pages were drawn, and none is drawn once more."""
    before = 0
    while not before or before != sum(len(page.taken) for page in pages):
        before = sum(len(page.taken) for page in pages)
        await pilot.pause()


async def test_an_update_takes_the_lines_it_is_about_and_nothing_beside():
    app, screen = App[None](), private.CoveredScreen[None]()
    page, beside = Page("one\ntwo\nthree\nfour"), Page("five")
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await screen.mount(page, beside)
        await until_drawn(pilot, page, beside)
        shown = [strip.text for strip in screen_strips(app)]
        page.taken.clear()
        beside.taken.clear()
        page.refresh(Region(1, 2, 3, 1))
        await pilot.pause()
        assert page.taken == [range(2, 3)]
        assert beside.taken == []
        page.update("one\nzwei\nthree\nvier")
        await pilot.pause()
        shown[1], shown[3] = (word.ljust(len(shown[0])) for word in ("zwei", "vier"))
        assert [strip.text for strip in screen_strips(app)] == shown


class Room(Page):
    """A container whose own lines are seen where nothing lies over them."""

    DEFAULT_CSS = "Room { width: 100%; height: 1fr; }"


async def test_what_is_covered_is_not_taken():
    app, screen = App[None](), private.CoveredScreen[None]()
    first, second = Page("one\ntwo"), Page("three")
    first.styles.height, second.styles.height = 2, 1
    room = Room("")
    async with app.run_test(size=(20, 4)) as pilot:
        await app.push_screen(screen)
        await screen.mount(room)
        await room.mount(first, second)
        await pilot.pause()
        room.taken.clear()
        room.refresh()
        await pilot.pause()
        assert room.taken == [range(4)], "its last line is seen"
        second.styles.height = 2
        await pilot.pause()
        room.taken.clear()
        room.refresh()
        await pilot.pause()
        assert room.taken == []
        assert [strip.text.strip() for strip in screen_strips(app)] == ["one", "two", "three", ""]


async def test_a_part_is_drawn_at_once_unless_something_waits():
    app, screen = Bare(survives=False), private.CoveredScreen[None]()
    page = Page("one\ntwo\nthree")
    async with app.run_test() as pilot:
        await app.push_screen(screen)
        await screen.mount(page)
        await pilot.pause()
        page.taken.clear()
        page.draw_at_once(Region(1, 2, 3, 1))
        assert page.taken == [range(2, 3)]
        with app.batch_update():
            page.draw_at_once(Region(1, 1, 3, 1))
            assert page.taken == [range(2, 3)]
        await pilot.pause()
        assert range(1, 2) in page.taken


async def test_a_fault_is_survived():
    app = Bare(survives=True)
    async with app.run_test() as pilot:
        assert private.is_running(app)
        private.report_fault(app, ValueError("on purpose"))
        await pilot.pause()
        assert [str(fault) for fault in app.faults] == ["on purpose"]
        assert app.is_running


async def test_a_fault_that_is_not_survived_ends_the_app_without_a_report():
    app = Bare(survives=False)
    with pytest.raises(ValueError, match="on purpose"):
        async with app.run_test() as pilot:
            private.report_fault(app, ValueError("on purpose"))
            assert not crash_reports(app)
            await pilot.pause()
    assert app.return_code == 1


async def test_a_sequence_reaches_the_terminal(monkeypatch):
    app = App[None]()
    async with app.run_test():
        sent = io.StringIO()
        tap_terminal(app, monkeypatch, sent.write)
        private.write_to_terminal(app, "")
        private.write_to_terminal(app, "\x1b7")
        assert sent.getvalue() == "\x1b7"


@pytest.mark.parametrize(
    ("spans", "sent"),
    [
        ([(0, 3, 5)], "\x1b[1;4Hef"),
        ([(0, 2, 4), (1, 0, 9)], "\x1b[1;2H字e\x1b[2;1Habcd\x1b[2;5Hefgh"),
        ([(0, 0, 1), (0, 5, 7)], "\x1b[1;1Ha\x1b[1;6Hgh"),
    ],
)
def test_an_update_sends_the_cells_of_its_spans_and_no_half_of_a_character(spans, sent):
    first = {0: Strip([Segment("a字efgh")])}
    second = {0: Strip([Segment("abcd")]), 4: Strip([Segment("efgh")]), 8: None}
    update = private.NarrowUpdate([first, second], spans, [[7], [4, 8, 9]])
    assert update.render_segments(Console()).replace("\x1b[0m", "") == sent


async def test_the_colour_filter_follows_the_theme():
    app = App[None]()
    async with app.run_test():
        private.apply_colour_filter(app)


def test_sixels_are_made_without_asking_the_terminal():
    picture = Image.new("RGB", (12, 12), (200, 30, 30)).quantize(16)
    sequence = private.sixels(picture)
    assert sequence.startswith("\x1bP")
    assert sequence.endswith("\x1b\\")


class Titles(private.Titled, Static):
    """A widget of five lines that notes which of them are drawn, and what is to be."""

    DEFAULT_CSS = "Titles { border: round white; height: 5; padding: 0 1; }"
    BORDER_TITLE = "On air"

    def __init__(self) -> None:
        self.drawn: list[int] = []
        self.refreshed: list[tuple[Region, ...]] = []
        super().__init__("one\ntwo\nthree")

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)

    def refresh(self, *regions: Region, **how: bool) -> Titles:
        self.refreshed.append(regions)
        return super().refresh(*regions, **how)


async def test_a_title_is_drawn_without_the_rest_of_its_widget():
    app, screen, titles = App[None](), private.CoveredScreen[None](), Titles()
    async with app.run_test(size=(40, 6)) as pilot:
        await app.push_screen(screen)
        await screen.mount(titles)
        await pilot.pause()
        titles.drawn.clear()
        titles.border_title, titles.border_subtitle = "Stories", "enter reads"
        await pilot.pause()
        lines = [strip.text.rstrip() for strip in screen_strips(app)[:5]]
        assert " Stories ─" in lines[0]
        assert " enter reads ─" in lines[4]
        assert [line[1:-1].strip() for line in lines[1:4]] == ["one", "two", "three"]
        assert titles.drawn == []
        titles.border_title = None
        await pilot.pause()
        assert "Stories" not in screen_strips(app)[0].text
        titles.styles.height = 4
        await pilot.pause()
        titles.border_subtitle = "space plays"
        await pilot.pause()
        assert " space plays ─" in screen_strips(app)[3].text


async def test_the_same_title_again_draws_nothing():
    app, screen, titles = App[None](), private.CoveredScreen[None](), Titles()
    async with app.run_test(size=(40, 6)) as pilot:
        await app.push_screen(screen)
        await screen.mount(titles)
        await pilot.pause()
        titles.refreshed.clear()
        titles.border_title = "On air"
        assert titles.refreshed == []
        titles.border_title = "Off air"
        assert len(titles.refreshed) == 1
