"""The Test Signal: a whole station served from this computer."""
