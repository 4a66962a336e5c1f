"""A miner: a served `Service`, published on the chain and kept there."""

from __future__ import annotations

import logging
from typing import NoReturn

from ganglion.neuron.errors import ChainRefused
from ganglion.neuron.limits import Admission
from ganglion.neuron.loop import forever
from ganglion.neuron.protocols import Chain, Clock, Endpoint, Metagraph, Neuron
from ganglion.neuron.report import Reporter, Serving

log = logging.getLogger(__name__)


class MinerLoop:
    """Keeps one miner's callers and its axon in step with the chain.

    An unregistered hotkey waits: registration, also a second one after the uid was lost, is noticed at the
    next pass.
    """

    def __init__(
        self,
        *,
        netuid: int,
        hotkey: str,
        chain: Chain,
        clock: Clock,
        admission: Admission,
        reporter: Reporter,
        interval_s: float,
    ) -> None:
        self._netuid = netuid
        self._hotkey = hotkey
        self._chain = chain
        self._clock = clock
        self._admission = admission
        self._reporter = reporter
        self._interval_s = interval_s
        self._serving_uid: int | None = None
        self._metagraph: Metagraph | None = None

    def others(self) -> tuple[Neuron, ...]:
        """The other serving neurons of the newest metagraph."""
        if self._metagraph is None:
            return ()
        return tuple(neuron for neuron in self._metagraph.serving() if neuron.hotkey != self._hotkey)

    async def run(self, endpoint: Endpoint) -> NoReturn:
        """Keep in step until cancelled. `endpoint` is what the world is told; a server answers there
        already.
        """
        await forever(lambda: self.step(endpoint), self._clock, name="miner", interval_s=self._interval_s)

    async def step(self, endpoint: Endpoint) -> None:
        """Read the metagraph once; publish `endpoint` where the axon is missing or another."""
        metagraph = self._metagraph = await self._chain.metagraph(self._netuid)
        self._admission.update(metagraph)
        neuron = metagraph.by_hotkey(self._hotkey)
        if neuron is None:
            self._serving_uid = None
            log.warning("miner netuid=%d hotkey=%s registered=no", self._netuid, self._hotkey)
            return
        if neuron.axon != endpoint:
            await self._publish(endpoint)
        elif self._serving_uid != neuron.uid:
            self._serving_uid = neuron.uid
            self._reporter.report(Serving(self._netuid, neuron.uid, endpoint.url))

    async def _publish(self, endpoint: Endpoint) -> None:
        try:
            await self._chain.serve_axon(self._netuid, endpoint)
        except ChainRefused as error:
            log.warning("axon url=%s published=no: %s", endpoint.url, error)
