import pytest

from ganglion.economy.payout import Pots
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.takes import Takes
from ganglion.pallets.subtensor.types import RecycleOrBurn
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix

TAO = 10**9
U64_MAX = 2**64 - 1
POTS = Pots(owner=18 * TAO, server=41 * TAO, validator=40 * TAO, root=TAO)


@pytest.fixture
def netuid(chain, who):
    """A subnet on which `validator` (uid 1, staked by `cold`) votes for `miner` (uid 2)."""
    netuid = chain.subnet()
    chain.neuron(netuid, "validator", "validator_coldkey")
    chain.neuron(netuid, "miner", "miner_coldkey")
    chain.stake(netuid, "validator", "cold", 100)
    vote(chain, netuid, 2)
    chain.advance()
    vote(chain, netuid, 2)
    chain[Pools].add_alpha_out(netuid, 100 * TAO)
    return netuid


def vote(chain, netuid, uid):
    chain[Neurons].validator_permit[netuid] = (False, True, False)
    chain[VoteMatrix].weights[netuid, 1] = ((uid, 65_535),)
    chain[Neurons].note_update(netuid, 0, 1)


def total(chain, netuid):
    return chain[Pools].alpha_issuance(netuid)


def test_each_pot_reaches_its_receivers(chain, who, netuid):
    staked = chain.stake_of("validator", "cold", netuid)
    chain[Payout].run_epoch(netuid, POTS)
    take = 40 * TAO * 11_796 // 65_535
    assert chain.stake_of("owner_hotkey", "owner", netuid) == 18 * TAO
    assert chain.stake_of("miner", "miner_coldkey", netuid) == pytest.approx(41 * TAO, abs=10)
    assert chain.stake_of("validator", "validator_coldkey", netuid) >= take - 10
    assert chain.stake_of("validator", "cold", netuid) > staked + (40 * TAO - take) * 9 // 10
    dividend = chain[Payout].alpha_dividends_per_subnet[netuid, who("validator")]
    assert dividend == pytest.approx(40 * TAO - take, abs=10)


def test_a_hotkey_without_take_leaves_all_to_its_stakers(chain, who, netuid):
    chain[Takes].delegates[who("validator")] = 0
    chain[Payout].run_epoch(netuid, POTS)
    assert chain.stake_of("validator", "validator_coldkey", netuid) == 0


@pytest.mark.parametrize("fate", RecycleOrBurn)
def test_an_owners_own_miner_earns_nothing(chain, netuid, fate):
    chain[Hyperparameters].recycle_or_burn[netuid] = fate
    vote(chain, netuid, 0)
    issuance = total(chain, netuid)
    chain[Payout].run_epoch(netuid, POTS)
    assert chain.stake_of("owner_hotkey", "owner", netuid) == 18 * TAO
    assert chain[SubnetEmission].miner_burned[netuid] == 1 << 32
    recycled = issuance - total(chain, netuid)
    assert recycled == (pytest.approx(41 * TAO, abs=10) if fate is RecycleOrBurn.Recycle else 0)


def test_what_is_burnt_of_a_parents_dividend_is_paid_to_nobody(chain, who, netuid):
    chain.neuron(netuid, "parent", "parent_coldkey")
    chain.stake(netuid, "parent", "cold", 100)
    links = chain[StakeWeights]
    links.child_keys[who("parent"), netuid] = ((U64_MAX, who("validator")),)
    links.parent_keys[who("validator"), netuid] = ((U64_MAX, who("parent")),)
    links.ck_burn.set(U64_MAX // 2)
    staked, issuance = chain[Shares].total_alpha_staked[netuid], total(chain, netuid)
    chain[Payout].run_epoch(netuid, POTS)
    paid = chain[Shares].total_alpha_staked[netuid] - staked
    recycled = issuance - total(chain, netuid)
    assert 5 * TAO < recycled < 20 * TAO
    assert paid + recycled == pytest.approx(99 * TAO, abs=TAO)
    assert paid + recycled <= POTS.owner + POTS.budget


def test_without_any_vote_validators_share_the_miners_pot(chain, who, netuid):
    chain[VoteMatrix].weights[netuid, 1] = ()
    chain[Payout].run_epoch(netuid, POTS)
    take_and_dividend = chain.stake_of("validator", "validator_coldkey", netuid)
    take_and_dividend += chain[Payout].alpha_dividends_per_subnet[netuid, who("validator")]
    assert take_and_dividend > 80 * TAO
    assert chain.stake_of("miner", "miner_coldkey", netuid) == 0


def test_dividends_of_the_epoch_before_are_forgotten(chain, who, netuid):
    chain[Payout].alpha_dividends_per_subnet[netuid, who("stranger")] = 1
    chain[Payout].run_epoch(netuid, POTS)
    assert chain[Payout].alpha_dividends_per_subnet[netuid, who("stranger")] == 0
