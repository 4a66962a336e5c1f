"""`python -m ganglion` is the `ganglion` command."""

from ganglion.cli.main import app

if __name__ == "__main__":
    app()
