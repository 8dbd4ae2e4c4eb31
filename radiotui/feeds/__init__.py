"""The stations' stories."""
