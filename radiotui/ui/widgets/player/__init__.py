"""The player, docked on top."""
