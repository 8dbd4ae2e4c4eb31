"""Three themes: a dark one, a light one, and the terminal's own palette.

Every colour is one that a terminal of 256 colours shows as much the same: rich makes greys of
what is nearly grey, and rounds the rest to six steps of red, green and blue each.
"""

from __future__ import annotations

from textual.theme import Theme

DEFAULT = "radiotui-dark"

DARK = Theme(
    name=DEFAULT,
    dark=True,
    primary="#e6ab52",
    accent="#e6ab52",
    secondary="#86b3e0",
    warning="#e6ab52",
    error="#f36464",
    success="#93c47d",
    foreground="#d9dce3",
    background="#14161b",
    surface="#14161b",
    panel="#1d2027",
    variables={
        "border": "#e6ab52",
        "border-blurred": "#3a3f4b",
        "block-cursor-background": "#3f3a33",
        "block-cursor-foreground": "#fbeed8",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#262a33",
        "block-cursor-blurred-foreground": "#d9dce3",
        "block-hover-background": "#23262c",
        "scrollbar": "#3a3f4b",
        "scrollbar-hover": "#575e6e",
        "scrollbar-active": "#e6ab52",
        "scrollbar-background": "#14161b",
        "scrollbar-background-hover": "#14161b",
        "scrollbar-background-active": "#14161b",
        "link-color": "#86b3e0",
        "link-background-hover": "#86b3e0",
        "link-color-hover": "#14161b",
    },
)

LIGHT = Theme(
    name="radiotui-light",
    dark=False,
    primary="#9a5a00",
    accent="#9a5a00",
    secondary="#1f5c9e",
    warning="#9a5a00",
    error="#b3261e",
    success="#2d6b21",
    foreground="#2b2a27",
    background="#faf7f1",
    surface="#faf7f1",
    panel="#f2f1ee",
    variables={
        "border": "#9a5a00",
        "border-blurred": "#cbc9c4",
        "block-cursor-background": "#f3dfbd",
        "block-cursor-foreground": "#211c12",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#f2f1ee",
        "block-cursor-blurred-foreground": "#2b2a27",
        "block-hover-background": "#f4f3f0",
        "scrollbar": "#cbc9c4",
        "scrollbar-hover": "#a4a29c",
        "scrollbar-active": "#9a5a00",
        "scrollbar-background": "#faf7f1",
        "scrollbar-background-hover": "#faf7f1",
        "scrollbar-background-active": "#faf7f1",
        "link-color": "#1f5c9e",
        "link-background-hover": "#1f5c9e",
        "link-color-hover": "#faf7f1",
    },
)

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

THEMES = (DARK, LIGHT, TERMINAL)
