"""Command line: the program without its screen."""
