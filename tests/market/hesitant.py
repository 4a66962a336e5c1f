"""A subnet package for one test: a text miner which falls silent in the middle of its streams."""

import asyncio

from ganglion.neuron.package import SubnetPackage
from ganglion.subnets.text.generation import TextMiner
from ganglion.subnets.text.package import make_validator
from ganglion.subnets.text.task import Piece


class Hesitant(TextMiner):
    kind = "hesitant"

    async def stream(self, request, caller):
        yield Piece(text="Well")
        yield Piece(text=", ")
        await asyncio.Event().wait()


PACKAGE = SubnetPackage("hesitant", ("hesitant",), lambda kind, seed, options: Hesitant(), make_validator)
