"""Who mines for one offer: the newest metagraph of its subnet, kept while the chain cannot be reached."""

from __future__ import annotations

import logging
from typing import NoReturn

from ganglion.market.offers import Offer
from ganglion.market.ranking import miners
from ganglion.market.records import Records
from ganglion.neuron.loop import forever
from ganglion.neuron.protocols import Chain, Clock, Metagraph, Neuron

log = logging.getLogger(__name__)


class Roster:
    """The miners of `offer` as the chain last told, without `own_hotkey`."""

    def __init__(self, offer: Offer, own_hotkey: str, chain: Chain, clock: Clock, records: Records) -> None:
        self._offer = offer
        self._own_hotkey = own_hotkey
        self._chain = chain
        self._clock = clock
        self._records = records
        self._was_registered: bool | None = None
        self.metagraph: Metagraph | None = None
        self.miners: tuple[Neuron, ...] = ()

    def size(self) -> int:
        """How many miners can be asked."""
        return len(self.miners)

    async def run(self, interval_s: float) -> NoReturn:
        """Keep in step with the chain until cancelled."""
        await forever(self.step, self._clock, name=f"roster of {self._offer.model}", interval_s=interval_s)

    async def step(self) -> None:
        """Read the metagraph once. Raises: ChainError."""
        metagraph = self.metagraph = await self._chain.metagraph(self._offer.netuid)
        self.miners = tuple(miners(metagraph, self._own_hotkey))
        self._records.keep({neuron.hotkey for neuron in metagraph.neurons})
        is_registered = metagraph.by_hotkey(self._own_hotkey) is not None
        if is_registered is self._was_registered:
            return
        self._was_registered = is_registered
        if is_registered:
            log.info(
                "offer model=%s netuid=%d miners=%d", self._offer.model, metagraph.netuid, len(self.miners)
            )
        else:
            log.warning(
                "offer model=%s netuid=%d hotkey=%s registered=no: miners refuse strangers",
                self._offer.model,
                metagraph.netuid,
                self._own_hotkey,
            )
