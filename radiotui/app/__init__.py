"""What every front end talks to."""
