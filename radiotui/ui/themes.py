"""The program's themes: five with colours of their own, and the terminal's own palette.

Every colour is one that a terminal of 256 colours shows as much the same: rich makes greys of
what is nearly grey, and rounds the rest to six steps of red, green and blue each.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from textual.theme import Theme

DEFAULT = "radiotui-dark"


class Palette(msgspec.Struct, frozen=True):
    """Colours of a theme, each by what it is for."""

    ground: str
    panel: str
    """Ground of the player, of the keys below, and of sheets."""
    text: str
    lead: str
    """First paragraph of a story."""
    headline: str
    accent: str
    """Where one is, and what wants to be seen."""
    link: str
    error: str
    success: str
    highlight: str
    """Ground of the row one is at."""
    highlight_text: str
    highlight_blurred: str
    """Ground of that row in a pane one does not work in."""
    hover: str
    border: str
    """Of a pane one does not work in."""
    scrollbar: str
    """While the mouse is over it."""


def _theme(name: str, palette: Palette, *, dark: bool = True) -> Theme:
    """A theme in which everything of one purpose has one colour."""
    return Theme(
        name=name,
        dark=dark,
        primary=palette.accent,
        accent=palette.accent,
        secondary=palette.link,
        warning=palette.accent,
        error=palette.error,
        success=palette.success,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.ground,
        panel=palette.panel,
        variables={
            "headline": palette.headline,
            "lead": palette.lead,
            "border": palette.accent,
            "border-blurred": palette.border,
            "block-cursor-background": palette.highlight,
            "block-cursor-foreground": palette.highlight_text,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": palette.highlight_blurred,
            "block-cursor-blurred-foreground": palette.text,
            "block-hover-background": palette.hover,
            "scrollbar": palette.border,
            "scrollbar-hover": palette.scrollbar,
            "scrollbar-active": palette.accent,
            "scrollbar-background": palette.ground,
            "scrollbar-background-hover": palette.ground,
            "scrollbar-background-active": palette.ground,
            "link-color": palette.link,
            "link-background-hover": palette.link,
            "link-color-hover": palette.ground,
        },
    )


DARK = _theme(
    DEFAULT,
    Palette(
        ground="#14161b",
        panel="#1d2027",
        text="#d9dce3",
        lead="#eef0f4",
        headline="#ffffff",
        accent="#e6ab52",
        link="#86b3e0",
        error="#f36464",
        success="#93c47d",
        highlight="#3f3a33",
        highlight_text="#fbeed8",
        highlight_blurred="#262a33",
        hover="#23262c",
        border="#3a3f4b",
        scrollbar="#575e6e",
    ),
)

LIGHT = _theme(
    "radiotui-light",
    Palette(
        ground="#faf7f1",
        panel="#f2f1ee",
        text="#2b2a27",
        lead="#151413",
        headline="#000000",
        accent="#9a5a00",
        link="#1f5c9e",
        error="#b3261e",
        success="#2d6b21",
        highlight="#f3dfbd",
        highlight_text="#211c12",
        highlight_blurred="#f2f1ee",
        hover="#f4f3f0",
        border="#cbc9c4",
        scrollbar="#a4a29c",
    ),
    dark=False,
)

AMBER = _theme(
    "radiotui-amber",
    Palette(
        ground="#100c06",
        panel="#1c1a16",
        text="#ffb000",
        lead="#ffcf5f",
        headline="#ffe0a0",
        accent="#ffd75f",
        link="#d7af5f",
        error="#ff5f00",
        success="#d7d75f",
        highlight="#3a352c",
        highlight_text="#ffe0a0",
        highlight_blurred="#2a2620",
        hover="#24211c",
        border="#5f5a50",
        scrollbar="#87825f",
    ),
)
"""A monitor of one phosphor, before there were colours."""

SUNSET = _theme(
    "radiotui-sunset",
    Palette(
        ground="#16141a",
        panel="#201d24",
        text="#e4e0dc",
        lead="#f4f0ec",
        headline="#ffffff",
        accent="#ff8f4a",
        link="#af87d7",
        error="#ff5f5f",
        success="#87af5f",
        highlight="#3a3442",
        highlight_text="#ffd7af",
        highlight_blurred="#2a262f",
        hover="#242128",
        border="#4a4552",
        scrollbar="#6c6676",
    ),
)
"""The last light over the Colorado: orange on violet."""

PAPER = _theme(
    "radiotui-paper",
    Palette(
        ground="#f4f0e2",
        panel="#e8e6e1",
        text="#2a2622",
        lead="#161412",
        headline="#000000",
        accent="#8a1a10",
        link="#005f87",
        error="#af0000",
        success="#005f00",
        highlight="#e4d8b0",
        highlight_text="#1c1a18",
        highlight_blurred="#dedbd5",
        hover="#e8e6e1",
        border="#bab7b0",
        scrollbar="#94918a",
    ),
    dark=False,
)
"""A printed page."""

TERMINAL = Theme(
    name="radiotui-terminal",
    ansi=True,
    dark=True,
    primary="ansi_yellow",
    accent="ansi_yellow",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "headline": "ansi_default",
        "lead": "ansi_default",
        "border": "ansi_yellow",
        "border-blurred": "ansi_bright_black",
        "block-cursor-background": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-text-style": "reverse",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-text-style": "underline",
        "block-hover-background": "ansi_default",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_white",
        "scrollbar-active": "ansi_yellow",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "link-color": "ansi_cyan",
        "link-background-hover": "ansi_default",
        "link-color-hover": "ansi_cyan",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_black",
        "screen-selection-foreground": "ansi_default",
    },
)

COLOURED = (DARK, LIGHT, AMBER, SUNSET, PAPER)
"""Themes that do not depend on the terminal's palette."""

THEMES = (DARK, LIGHT, TERMINAL, AMBER, SUNSET, PAPER)
"""In the order in which the key goes through them."""


def variables_of_others(theme: Theme) -> Mapping[str, str]:
    """Variables that Textual's own themes lack."""
    own = "#ffffff" if theme.dark else "#000000"
    bright = "ansi_default" if theme.ansi else own
    return {"headline": bright, "lead": bright}
