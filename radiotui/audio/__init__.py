"""From bytes to ears."""
