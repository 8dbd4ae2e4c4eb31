"""The player: stations, stories and files, at the ear one at a time."""
