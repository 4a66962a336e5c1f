"""Engines decide when a block is made and of what. Each drives the same chain."""
