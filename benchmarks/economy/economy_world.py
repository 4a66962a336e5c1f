"""A made-up economy of a given size, the same for the same size.

Every subnet is started and full. A quarter of its uids validate: they are the same hotkeys everywhere, as on
the public chain, and have stake on the root network too. Each scores all miners. One epoch
has run. Epochs are spread evenly over the tempo.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from ganglion.economy.payout import Pots
from ganglion.frame.block import Block, Digest, Header
from ganglion.frame.genesis import build_genesis
from ganglion.frame.primitives import RAO_PER_TAO as TAO
from ganglion.frame.world import World
from ganglion.node.block_store import StoredHeader
from ganglion.node.genesis import Genesis
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.swap import POOL_MECHANISM, Swap
from ganglion.presets import localnet_genesis
from ganglion.runtime import runtime
from ganglion.state.overlay import EmptyBase, Overlay
from ganglion.state.trie import trie_root

TEMPO = 360
NOMINATORS = 16
"""How many coldkeys stake to each validator on the root network."""

ROOT_STAKE = 5_000 * TAO
"""What each of them stakes there, in rao."""

POOL_TAO = 20_000 * TAO
PRICES = 2.0
"""What the prices of all subnets add up to, in TAO: above one, so that root's dividends are paid."""

LAG = 1.1
"""How far moving prices are above spot prices, which they follow from the first block on."""

MUCH = 1_000_000 * TAO
VALIDATOR_ALPHA = 500 * TAO
MINER_ALPHA = 100 * TAO
I96F32_ONE = 1 << 32
# A cutoff above a day, since nobody sets weights anew.
CUTOFF_IN_TEMPOS = 50


def account(*name: object) -> bytes:
    """The account of a name."""
    return blake2b(repr(name).encode(), digest_size=32).digest()


@dataclass(frozen=True)
class Size:
    """How many subnets there are, and uids on each of them."""

    subnets: int
    uids: int
    claims: bool = False
    """Whether what root stakers are owed is enough to be paid by itself; else it is only looked at."""

    @property
    def validators(self) -> int:
        """How many uids of each subnet validate."""
        return self.uids // 4

    @property
    def netuids(self) -> range:
        """All subnets but the root network."""
        return range(1, self.subnets + 1)


def first_block(size: Size) -> Genesis:
    """Block 0 with the whole economy in its state."""
    overlay = Overlay(EmptyBase())
    world = runtime().on(overlay)
    build_genesis(world, localnet_genesis() | {"SubtensorModule": {}})
    _Builder(world, size).build()
    world.try_state()
    state = {key: value for key, value in overlay.changes().items() if value is not None}
    header = Header(bytes(32), 0, trie_root(state), trie_root({}), Digest(()))
    return Genesis(Block(header, ()), StoredHeader(header.hash, header), state)


class _Builder:
    """Writes an economy into a world at block 0."""

    def __init__(self, world: World, size: Size) -> None:
        self.world = world
        self.size = size
        self.validators = [account("validator", number) for number in range(size.validators)]

    def build(self) -> None:
        world = self.world
        self._stake_on_root()
        for netuid in self.size.netuids:
            self._open(netuid)
            self._seat(netuid)
            self._vote(netuid)
            self._pay(netuid)
        world[Treasury].total_issuance.set(world[Balances].total_issuance.get())
        world.events.clear()

    def _stake_on_root(self) -> None:
        for number, hotkey in enumerate(self.validators):
            self.world[Accounts].create(account("nominator", number, 0), hotkey)
            for nominator in range(NOMINATORS):
                coldkey = account("nominator", number, nominator)
                self.world[Shares].add(hotkey, coldkey, ROOT_NETUID, ROOT_STAKE)
                self.world[RootStakers].add(coldkey)
        staked = ROOT_STAKE * NOMINATORS * len(self.validators)
        self.world[Pools].add_alpha_out(ROOT_NETUID, staked)
        self._fill(ROOT_NETUID, staked)

    def _open(self, netuid: int) -> None:
        world, settings = self.world, self.world[Hyperparameters]
        world[NetworkRegistration].open(netuid, TEMPO)
        world[NetworkRegistration].start(netuid)
        world[Subnets].subnet_mechanism[netuid] = POOL_MECHANISM
        world[Subnets].subnet_owner[netuid] = account("owner", netuid)
        world[Subnets].subnet_owner_hotkey[netuid] = account("miner", netuid, 0)
        settings.max_allowed_uids[netuid] = self.size.uids
        settings.max_allowed_validators[netuid] = self.size.validators
        settings.activity_cutoff_factor_milli[netuid] = CUTOFF_IN_TEMPOS * 1_000
        world[EpochSchedule].pending_epoch_at[netuid] = 1 + (netuid - 1) * TEMPO // self.size.subnets
        self._fill(netuid, POOL_TAO)
        world[Pools].subnet_alpha_in[netuid] = int(POOL_TAO * self.size.subnets / PRICES)
        world[Prices].subnet_moving_price[netuid] = int(I96F32_ONE * LAG * PRICES / self.size.subnets)
        world[Prices].ema_price_halving_blocks[netuid] = 1
        world[Swap].open(netuid)
        if not self.size.claims:
            world[RootClaims].root_claimable_threshold[netuid] = I96F32_ONE * MUCH

    def _fill(self, netuid: int, rao: int) -> None:
        self.world[Balances].deposit(subnet_account(netuid), rao)
        self.world[Pools].subnet_tao[netuid] = rao
        self.world[Pools].add_total_stake(rao)

    def _seat(self, netuid: int) -> None:
        """Validators have the first uids, then the owner's hotkey, then all other miners."""
        world, miners = self.world, self.size.uids - self.size.validators
        for number, hotkey in enumerate(self.validators):
            self._stake(netuid, hotkey, account("nominator", number, 0), VALIDATOR_ALPHA * (number + 1))
        for number in range(miners):
            coldkey = account("coldkey", netuid, number) if number else account("owner", netuid)
            hotkey = account("miner", netuid, number)
            world[Accounts].create(coldkey, hotkey)
            self._stake(netuid, hotkey, coldkey, MINER_ALPHA)
        permits = (True,) * self.size.validators + (False,) * miners
        world[Neurons].validator_permit[netuid] = permits
        world[Neurons].last_update[netuid] = (1,) * self.size.uids

    def _stake(self, netuid: int, hotkey: bytes, coldkey: bytes, alpha: int) -> None:
        self.world[Neurons].append(netuid, hotkey)
        self.world[Shares].add(hotkey, coldkey, netuid, alpha)
        self.world[Pools].add_alpha_out(netuid, alpha)

    def _vote(self, netuid: int) -> None:
        for uid, row in enumerate(self._votes(netuid)):
            self.world[VoteMatrix].weights[netuid, uid] = row

    def _pay(self, netuid: int) -> None:
        """An epoch, so that bonds and all records of dividends are there."""
        pots = Pots(owner=TAO, server=3 * TAO, validator=2 * TAO, root=TAO)
        self.world[Pools].add_alpha_out(netuid, pots.owner + pots.budget)
        self.world[Payout].run_epoch(netuid, pots)

    def _votes(self, netuid: int) -> Iterator[tuple[tuple[int, int], ...]]:
        """A common quality per miner times a factor of each validator's own, the best at 65535."""
        rng = np.random.default_rng(netuid)
        targets = range(self.size.validators, self.size.uids)
        quality = rng.gamma(0.5, size=len(targets)) + 0.001
        for _ in range(self.size.validators):
            scores = quality * rng.uniform(0.5, 1.5, len(targets))
            yield tuple(
                zip(targets, np.rint(scores / scores.max() * 65535).astype(int).tolist(), strict=True)
            )
