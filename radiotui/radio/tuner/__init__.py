"""The tuner: one connection to a station, kept alive, written onto its tape."""
