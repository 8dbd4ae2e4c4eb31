"""Directories of stations: NPR's finder, Radio Browser, and the lists of single broadcasters."""
