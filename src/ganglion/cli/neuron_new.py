"""`ganglion neuron new`: a subnet of one's own, from a small one which works."""

from __future__ import annotations

import keyword
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

_SKELETON = "ganglion.cli.skeleton"


def new(
    name: Annotated[str, typer.Argument(help="A Python package's name: lower case, digits, underscores.")],
) -> None:
    """Write a subnet which runs, with tests, into a new directory NAME here."""
    if not name.isidentifier() or not name.islower() or not name.isascii() or keyword.iskeyword(name):
        raise typer.BadParameter(f"{name!r} is no name of a Python package", param_hint="NAME")
    package, test = Path(name), Path(f"test_{name}.py")
    for path in (package, test):
        if path.exists():
            raise typer.BadParameter(f"{path} exists already", param_hint="NAME")
    package.mkdir()
    (package / "__init__.py").write_text(f'"""The {name} subnet."""\n')
    (package / "subnet.py").write_text(_renamed("subnet.py", name))
    test.write_text(_renamed("example_test.py", name))
    typer.echo(f"{package}/subnet.py   the task, the miners, the validator: make them yours")
    typer.echo(f"{test}   what must be true of them: pytest {test}")
    typer.echo(f"ganglion neuron miner --subnet {name}.subnet:PACKAGE --netuid N --wallet-name W")


def _renamed(file: str, name: str) -> str:
    text = files(_SKELETON).joinpath(file).read_text()
    return text.replace(_SKELETON, name).replace("skeleton", name)
