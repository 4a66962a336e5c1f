import pytest

from ganglion.fixed import I64F64, U96F32
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import StakeWeights

TAO = 10**9
HALF = 2**63


@pytest.fixture
def weights(chain):
    return chain[StakeWeights]


def test_root_tao_counts_with_the_tao_weight(chain, weights, who):
    chain[Shares].add(who("hot"), who("cold"), 1, 10 * TAO)
    chain[Shares].add(who("hot"), who("cold"), 0, 100 * TAO)
    weight = weights.of_hotkey(who("hot"), 1)
    assert (weight.alpha, weight.tao) == (10 * TAO, 100 * TAO)
    tao_part = weights.tao_weight() * 100 * TAO // U96F32.one
    assert I64F64.to_u64(weight.total) == 10 * TAO + tao_part


def test_what_a_parent_lends_counts_for_its_child(chain, weights, who):
    for netuid in (0, 1):
        chain[Shares].add(who("parent"), who("cold"), netuid, 100 * TAO)
    weights.child_keys[who("parent"), 1] = ((HALF, who("child")),)
    weights.parent_keys[who("child"), 1] = ((HALF, who("parent")),)
    child, parent = weights.of_hotkey(who("child"), 1), weights.of_hotkey(who("parent"), 1)
    assert child.alpha + parent.alpha == pytest.approx(100 * TAO, abs=1)
    assert child.tao == pytest.approx(50 * TAO, abs=1)


def test_weights_of_a_subnet_come_by_uid(chain, weights, who):
    netuid = chain.subnet()
    chain.neuron(netuid, "one")
    chain.stake(netuid, "one", "cold", 5)
    owner, one = weights.of_subnet(netuid)
    assert owner.alpha == 0
    assert one.alpha == chain.stake_of("one", "cold", netuid)


def test_only_the_owner_may_vote_below_the_threshold(chain, weights, who):
    netuid = chain.subnet()
    chain.neuron(netuid, "one")
    weights.stake_threshold.set(TAO)
    assert weights.above_threshold(who("owner_hotkey"), netuid)
    assert not weights.above_threshold(who("one"), netuid)
    chain.stake(netuid, "one", "cold", 5)
    assert weights.above_threshold(who("one"), netuid)
