"""The vectors of stake weights through StakeWeights, and as an epoch reads them."""

import pytest

from ganglion.pallets.subtensor.epoch import Epoch
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.stake_weight import StakeWeights

NETUID = 1


@pytest.mark.vectors("h_stake_weight", "stake_weight")
def test_an_epoch_weighs_a_hotkey_as_recorded(chain, books, given, expected):
    books.open()
    links, hotkey = chain[StakeWeights], books.hotkey("hot")
    links.tao_weight_setting.set(given["tao_weight"])
    links.child_keys[hotkey, NETUID] = tuple(
        (proportion, chain.who(f"child {at}")) for at, proportion in enumerate(given["children"])
    )
    parents = [(parent, f"parent {at}") for at, parent in enumerate(given["parents"])]
    links.parent_keys[hotkey, NETUID] = tuple(
        (parent["proportion"], chain.who(name)) for parent, name in parents
    )
    for stakes, name in [(given, "hot"), *parents]:
        books.stake(name, "cold", NETUID, stakes["alpha"])
        books.stake(name, "cold", 0, stakes["root"])
    weight = links.of_hotkey(hotkey, NETUID)
    assert (weight.alpha, weight.tao) == (expected["alpha_inherited"], expected["root_inherited"])
    chain[Neurons].append(NETUID, hotkey)
    (epoch,) = chain[Epoch].inputs(NETUID)
    assert list(epoch.stake) == [weight.total] == [expected["weight_x64"]]
