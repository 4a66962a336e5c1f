"""SubtensorModule: subnets, neurons, stake and the economy between them, as one pallet of many sections.

Hooks run in the order of the sections, so what a block does first stands first: prices of registration
decay and commits are revealed before the coinbase runs.
"""

from __future__ import annotations

from ganglion.frame.pallet import Pallet
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.alpha_burn import AlphaBurn
from ganglion.pallets.subtensor.alpha_fees import AlphaFees
from ganglion.pallets.subtensor.auto_stake import AutoStake
from ganglion.pallets.subtensor.baskets import Baskets
from ganglion.pallets.subtensor.child_links import ChildLinks
from ganglion.pallets.subtensor.childkey_takes import ChildkeyTakes
from ganglion.pallets.subtensor.children import Children
from ganglion.pallets.subtensor.coinbase import Coinbase
from ganglion.pallets.subtensor.coldkey_swap import ColdkeySwap
from ganglion.pallets.subtensor.collateral import Collateral
from ganglion.pallets.subtensor.collateral_calls import CollateralCalls
from ganglion.pallets.subtensor.conviction import Conviction
from ganglion.pallets.subtensor.dissolution import Dissolution
from ganglion.pallets.subtensor.early_checks import EarlyChecks
from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.evm_keys import EvmKeys
from ganglion.pallets.subtensor.genesis import FirstBlock, SubtensorGenesis
from ganglion.pallets.subtensor.hotkey_swap import HotkeySwap
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.identity import Identities
from ganglion.pallets.subtensor.initial_settings import InitialSettings
from ganglion.pallets.subtensor.leasing import Leasing
from ganglion.pallets.subtensor.lineage import Lineage
from ganglion.pallets.subtensor.lock_books import LockBooks
from ganglion.pallets.subtensor.lock_swaps import LockSwaps
from ganglion.pallets.subtensor.locks import Locks
from ganglion.pallets.subtensor.mechanisms import Mechanisms
from ganglion.pallets.subtensor.network_queues import NetworkQueues
from ganglion.pallets.subtensor.network_registration import NetworkRegistration
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.owner_settings import OwnerSettings
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.pow_registration import PowRegistration
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.rate_limits import RateLimits
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_network import RootNetwork
from ganglion.pallets.subtensor.root_parents import RootParents
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.serving import Serving
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_checks import StakeChecks
from ganglion.pallets.subtensor.stake_limits import StakeLimits
from ganglion.pallets.subtensor.stake_moves import StakeMoves
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnet_storage import SubnetStorage
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.tao_flows import TaoFlows
from ganglion.pallets.subtensor.timelocked_commits import TimelockedCommits
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.trimming import Trimming
from ganglion.pallets.subtensor.unstake_all import UnstakeAll
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.subtensor.voting_power import VotingPower
from ganglion.pallets.subtensor.weight_commits import WeightCommits
from ganglion.pallets.subtensor.weights import Weights

SECTIONS = (
    InitialSettings,
    Hyperparameters,
    RateLimits,
    Subnets,
    Neurons,
    VoteMatrix,
    Accounts,
    Takes,
    Treasury,
    Registration,
    PowRegistration,
    SubnetStorage,
    Dissolution,
    NetworkRegistration,
    NetworkQueues,
    RootNetwork,
    Identities,
    Serving,
    EvmKeys,
    Weights,
    WeightCommits,
    EarlyChecks,
    TimelockedCommits,
    Mechanisms,
    Trimming,
    Shares,
    StakeWeights,
    ChildLinks,
    Children,
    ChildkeyTakes,
    RootParents,
    HotkeySwap,
    ColdkeySwap,
    Lineage,
    Pools,
    Prices,
    TaoFlows,
    LockBooks,
    Locks,
    LockSwaps,
    Conviction,
    Collateral,
    VotingPower,
    StakeChecks,
    Staking,
    StakeLimits,
    StakeMoves,
    UnstakeAll,
    CollateralCalls,
    AlphaBurn,
    AlphaFees,
    AutoStake,
    RootStakers,
    RootClaims,
    Baskets,
    EpochSchedule,
    OwnerSettings,
    Epoch,
    SubnetEmission,
    Leasing,
    Payout,
    Coinbase,
    FirstBlock,
)


class SubtensorModule(
    Pallet,
    crate="pallet_subtensor",
    name="SubtensorModule",
    sections=SECTIONS,
    declares=(errors, events),
):
    """What makes the chain Bittensor."""

    genesis = SubtensorGenesis
