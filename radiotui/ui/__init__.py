"""The screen: shows snapshots, sends intents."""
