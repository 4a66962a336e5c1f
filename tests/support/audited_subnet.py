"""A subnet of echo miners, a validator whose evidence is kept, and a chain which remembers every block."""

from dataclasses import replace

from tests.support.echo_subnet import EchoValidator, Wire, honest
from tests.support.subnet_on_loopback import NETUID, Events, Ledger, LedgerOf

from ganglion.evidence.audit import audit
from ganglion.evidence.chain import Facts
from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.log import EvidenceLog
from ganglion.evidence.records import About
from ganglion.neuron.auth import RequestSigner
from ganglion.neuron.client import Client
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.errors import ChainRefused
from ganglion.neuron.protocols import Endpoint, Metagraph, WeightRules
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings

RULES = WeightRules(rate_limit=0, version_key=0, min_allowed=1, max_limit=65535, commit_reveal=False)
ALPHA = 0.5
SEED = 7


class OpenEchoValidator(EchoValidator):
    """Questions are the draw's alone."""

    open_draws = True


class Chain(LedgerOf):
    """One hotkey's view; what it sets and commits is in the next block. `row` is what the chain will hold."""

    def __init__(self, ledger, hotkey):
        super().__init__(ledger, hotkey)
        self._ledger, self._hotkey = ledger, hotkey

    async def metagraph(self, netuid):
        self._ledger.next_block()
        return self._ledger.graph()

    async def set_weights(self, _netuid, weights, _version_key):
        self._ledger.next_block()
        if self._ledger.rules.commit_reveal:
            self._ledger.sealed.append((self._ledger.block, weights))
        else:
            self._ledger.rows[self._hotkey] = weights
        neurons = self._ledger.neurons
        neurons[self._hotkey] = replace(neurons[self._hotkey], last_update=self._ledger.block)

    async def commit(self, netuid, digest):
        self._ledger.next_block()
        await super().commit(netuid, digest)


class Remembering(Ledger):
    """A ledger which is also its own witness; blocks before `oldest` are forgotten. Where its `rules` demand
    it, weights are `sealed` until `reveal`.
    """

    def __init__(self):
        super().__init__()
        self.rows = {}
        self.past = {}
        self.oldest = 0
        self.rules = RULES
        self.sealed = []

    def next_block(self):
        sealed = tuple(block for block, _ in self.sealed)
        self.past[self.block] = (dict(self.neurons), dict(self.rows), dict(self.commitments), sealed)
        self.block += 1

    def reveal(self, hotkey):
        """Open the oldest sealed weights, in the next block."""
        self.next_block()
        self.rows[hotkey] = self.sealed.pop(0)[1]

    def graph(self, block=None):
        neurons = self.neurons if block is None else self.past[block][0]
        at = self.block if block is None else block
        return Metagraph(NETUID, at, 1, at - 1, "owner", self.rules, tuple(neurons.values()))

    def of(self, hotkey):
        return Chain(self, hotkey)

    async def facts(self, hotkey, block=None):
        if block is not None and block < self.oldest:
            raise ChainRefused("read", "StateDiscarded", "")
        is_past = block is not None and block != self.block
        sealed = tuple(at for at, _ in self.sealed)
        now = (self.rows, self.commitments, sealed)
        rows, commitments, pending = self.past[block][1:] if is_past else now
        graph = self.graph(block if is_past else None)
        return Facts(graph, rows.get(hotkey), pending, commitments.get(hotkey))

    async def prices(self, block):
        return self.price(block)


class World:
    """Our validator is uid 0; miners follow, all honest unless said otherwise."""

    def __init__(self, directory, key, miners):
        self.directory = directory
        self.key = key
        self.hotkey = key.ss58_address
        self.ledger = Remembering()
        self.wire = Wire()
        self.ledger.register(self.hotkey, permit=True)
        self.miners = {}
        for port, (name, miner) in enumerate(miners.items(), start=1):
            self.miners[name] = miner.ss58_address
            self.wire.miners[port] = (miner, honest)
            self.ledger.register(miner.ss58_address)
            neurons = self.ledger.neurons
            neurons[miner.ss58_address] = replace(
                neurons[miner.ss58_address], axon=Endpoint("10.0.0.1", port)
            )

    @property
    def files(self):
        return SegmentFiles(self.directory / "evidence")

    def uid(self, name):
        return self.ledger.neurons[self.miners[name]].uid

    def about(self, **changes):
        values = {
            "hotkey": self.hotkey, "netuid": NETUID, "subnet": "echo", "options": {}, "alpha": ALPHA,
            "least_score": ValidatorSettings().least_score, "private": 1,
        }  # fmt: skip
        return About(**(values | changes))

    def log(self, kind=EvidenceLog, **options):
        return kind(self.files, self.key, self.about(), seed=SEED, **options)

    def loop(self, *, log=None, validator=None, chain=None):
        clock = SystemClock()
        return ValidatorLoop(
            validator or OpenEchoValidator(),
            netuid=NETUID,
            hotkey=self.hotkey,
            chain=chain or self.ledger.of(self.hotkey),
            client=Client(RequestSigner(self.key, clock), self.wire, clock),
            clock=clock,
            reporter=Events(),
            seed=SEED,
            checkpoint=self.directory / "state.json",
            settings=ValidatorSettings(alpha=ALPHA),
            round_log=log or self.log(),
        )

    async def validate(self, *, rounds=3, **parts):
        """Run the validator for some rounds, each with its weights."""
        loop = self.loop(**parts)
        for _ in range(rounds):
            await loop.step()
        for _ in range(12):  # time for every commitment to be there
            self.ledger.next_block()
        return loop

    async def audit(self, files=None, validator=None):
        facts = await self.ledger.facts(self.hotkey)
        maker = validator or OpenEchoValidator
        return await audit(files or self.files, self.hotkey, lambda about: maker(), facts, self.ledger)
