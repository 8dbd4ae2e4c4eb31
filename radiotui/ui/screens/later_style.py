"""Style of what the first screen does not show: sound, an open story, one pane alone, little room.

It is more than half of the style, which costs some milliseconds to parse, and no part of a first
screen that has room for three panes.
"""

from __future__ import annotations

LATER_STYLE = """
/* Red live, amber behind, green for what has an end; a frame while something is recorded. */

PlayerBar.-live {
    border-left: outer $error;
}

PlayerBar.-behind {
    border-left: outer $warning;
}

PlayerBar.-spoken {
    border-left: outer $success;
}

PlayerBar.-recording {
    padding: 0;
    border-left: outer $error;
    border-right: outer $error;
}

.-roomy PlayerBar.-live {
    border-left: none;
    border-bottom: hkey $error;
}

.-roomy PlayerBar.-behind {
    border-left: none;
    border-bottom: hkey $warning;
}

.-roomy PlayerBar.-spoken {
    border-left: none;
    border-bottom: hkey $success;
}

.-roomy PlayerBar.-recording {
    padding: 0;
    border-left: outer $error;
    border-right: outer $error;
}

/* The reader grows while one reads. */

.-open.-reading #air {
    width: 2fr;
    min-width: 24;
}

.-open.-reading #stories {
    width: 3fr;
    min-width: 28;
}

.-open.-reading .story-pane {
    width: 8fr;
}

/* One pane at a time, and the player in two lines. */

.-narrow PlayerBar, .-short PlayerBar {
    height: 2;
}

.-narrow .pane, .-zoomed .pane {
    display: none;
}

.-narrow #air, .-zoomed #air {
    width: 1fr;
    max-width: 100%;
}

.-narrow.-pane-air #air, .-zoomed.-pane-air #air,
.-narrow.-pane-stories #stories, .-zoomed.-pane-stories #stories,
.-narrow.-pane-story .story-pane, .-zoomed.-pane-story .story-pane {
    display: block;
}

/* The reader takes the stations' place. */

.-medium .story-pane {
    display: none;
}

.-medium.-reading .story-pane {
    display: block;
    width: 5fr;
}

.-medium.-reading #stories {
    width: 3fr;
    min-width: 28;
}

.-medium.-reading #air {
    display: none;
}

.-medium.-zoomed.-pane-air #air, .-medium.-zoomed.-pane-story .story-pane {
    display: block;
}

.-medium.-zoomed.-reading #stories {
    display: none;
}

.-medium.-zoomed.-pane-stories #stories {
    display: block;
}

.-medium.-zoomed.-pane-stories .story-pane {
    display: none;
}

/* A transcript takes the reader's place. */

.-transcript #story {
    display: none;
}

/* Too small for anything. */

.-tiny PlayerBar, .-tiny #panes, .-tiny KeyBar,
.-low PlayerBar, .-low #panes, .-low KeyBar {
    display: none;
}

.-tiny #too-small, .-low #too-small {
    display: block;
}
"""
