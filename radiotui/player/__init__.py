"""What is being listened to."""
