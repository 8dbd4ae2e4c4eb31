"""The tape: live sound on disk, with its index, marks and readers."""
