"""The `ganglion` command."""
