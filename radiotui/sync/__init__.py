"""Synchronisation of podcasts with a server: subscriptions, and how far episodes were heard."""
