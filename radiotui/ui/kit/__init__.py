"""Parts that widgets, dialogs and screens share."""
