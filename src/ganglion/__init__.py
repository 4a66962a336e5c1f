"""Ganglion: a complete Bittensor network in Python."""
