"""A bare Textual screen with the same kinds of widgets: what the framework itself costs."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, OptionList, Static


class Bare(App[None]):
    """A header of three lines, two lists, a scrolling text and a footer."""

    BINDINGS = [("q", "quit", "Quit"), ("r", "refresh", "Refresh")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Static("one\ntwo\nthree")
        with Horizontal():
            yield OptionList(*(f"Station {number}" for number in range(30)))
            yield OptionList(*(f"Story {number}" for number in range(10)))
            with VerticalScroll():
                yield Static("The bare screen is here")
        yield Footer()


if __name__ == "__main__":
    Bare().run()
