"""Time zones of the states of the USA: of most of their people, where a state has several."""

from __future__ import annotations

_STATES = {
    "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Phoenix": "AZ",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR VI",
    "Pacific/Guam": "GU",
}
_ZONES = {state: zone for zone, states in _STATES.items() for state in states.split()}


def zone_of_state(state: str) -> str:
    """The zone of a state's two letters; empty for anything else."""
    return _ZONES.get(state.upper(), "")
