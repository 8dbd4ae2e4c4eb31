"""RSS and Atom as clean entries."""
