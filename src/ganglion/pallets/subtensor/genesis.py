"""The first state of SubtensorModule: the root network, and the subnets that a chain spec asks for.

A subnet's pool must be TAO that exists: it is minted into the subnet's account here, before the
issuance is counted. (The real local network writes the reserves without any TAO behind them.)
Source: subtensor pallets/subtensor/src/macros/genesis.rs.
"""

from __future__ import annotations

from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid, TaoBalance
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.types import ROOT_NETUID, ZERO_ACCOUNT, ConsensusMode
from ganglion.pallets.swap import POOL_MECHANISM, Swap
from ganglion.scale import Struct
from ganglion.scale.types import AccountId, Vec, u16, u64

ROOT_VALIDATORS = 64


class GenesisSubnet(Struct):
    """A subnet of the first block. Its owner's hotkey has uid 0 and the stake `alpha_out`."""

    netuid: NetUid
    owner: AccountId = ZERO_ACCOUNT
    hotkey: AccountId = ZERO_ACCOUNT
    tao_in: TaoBalance = 10_000_000_000
    alpha_in: AlphaBalance = 10_000_000_000
    alpha_out: AlphaBalance = 1_000_000_000
    tempo: u16 = 100
    max_allowed_validators: u16 = 64
    is_started: bool = False


class SubtensorGenesis(Struct):
    """The root network's owner, the first subnets, and blocks from a registration to the earliest start."""

    root_owner: AccountId = ZERO_ACCOUNT
    root_owner_hotkey: AccountId = ZERO_ACCOUNT
    subnets: Vec[GenesisSubnet] = ()
    start_call_delay: u64 = 0


class FirstBlock(Section):
    """Writes the first state."""

    balances: Balances
    swap: Swap
    treasury: Treasury
    subnets: Subnets
    hyperparameters: Hyperparameters
    neurons: Neurons
    accounts: Accounts
    shares: Shares
    pools: Pools

    def build_genesis(self, config: SubtensorGenesis) -> None:
        """Open the root network and the subnets, then count what is issued."""
        self.subnets.start_call_delay.set(config.start_call_delay)
        self._open_root(config)
        for subnet in config.subnets:
            self._open(subnet)
        self.treasury.total_issuance.set(self.balances.total_issuance.get())

    def _open_root(self, config: SubtensorGenesis) -> None:
        self._add(ROOT_NETUID, config.root_owner, tempo=100)
        self.subnets.subnet_owner_hotkey[ROOT_NETUID] = config.root_owner_hotkey
        self.hyperparameters.max_allowed_uids[ROOT_NETUID] = ROOT_VALIDATORS
        self.hyperparameters.max_allowed_validators[ROOT_NETUID] = ROOT_VALIDATORS
        self.hyperparameters.target_registrations_per_interval[ROOT_NETUID] = 1
        self.subnets.subtoken_enabled[ROOT_NETUID] = True

    def _open(self, subnet: GenesisSubnet) -> None:
        netuid = subnet.netuid
        self._add(netuid, subnet.owner, subnet.tempo)
        self.subnets.subnet_mechanism[netuid] = POOL_MECHANISM
        self.hyperparameters.max_allowed_uids[netuid] = 256
        self.hyperparameters.max_allowed_validators[netuid] = subnet.max_allowed_validators
        self.hyperparameters.liquid_alpha_consensus_mode[netuid] = ConsensusMode.Current
        self._fill_pool(subnet)
        self._seat_owner(subnet)
        if subnet.is_started:
            self.subnets.first_emission_block_number[netuid] = 1
            self.subnets.subtoken_enabled[netuid] = True

    def _add(self, netuid: int, owner: bytes, tempo: int) -> None:
        self.subnets.networks_added[netuid] = True
        self.subnets.total_networks.set(self.subnets.total_networks.get() + 1)
        self.subnets.subnet_owner[netuid] = owner
        self.subnets.token_symbol[netuid] = self.subnets.free_symbol(netuid)
        self.neurons.subnetwork_n[netuid] = 0
        self.hyperparameters.tempo[netuid] = tempo
        self.hyperparameters.min_allowed_weights[netuid] = 0
        self.hyperparameters.network_registration_allowed[netuid] = True

    def _fill_pool(self, subnet: GenesisSubnet) -> None:
        netuid = subnet.netuid
        self.balances.deposit(subnet_account(netuid), subnet.tao_in)
        self.pools.subnet_tao[netuid] = subnet.tao_in
        self.pools.subnet_alpha_in[netuid] = subnet.alpha_in
        self.pools.add_total_stake(subnet.tao_in)
        self.swap.open(netuid)

    def _seat_owner(self, subnet: GenesisSubnet) -> None:
        if not self.accounts.exists(subnet.hotkey):
            self.accounts.create(subnet.owner, subnet.hotkey)
        self.subnets.subnet_owner_hotkey[subnet.netuid] = subnet.hotkey
        self.neurons.append(subnet.netuid, subnet.hotkey)
        self.shares.add(subnet.hotkey, subnet.owner, subnet.netuid, subnet.alpha_out)
        self.pools.add_alpha_out(subnet.netuid, subnet.alpha_out)
