"""The vectors of a neuron's price through Registration: its hook decays it, its call raises it."""

import pytest

from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.system import System

NETUID = 1
U64_MAX = 2**64 - 1
RESERVE = 10**15


class Desk:
    """Where a subnet's uids are sold."""

    def __init__(self, chain, books, given):
        self.chain, self.books, self.sold = chain, books, 0
        books.open(NETUID, RESERVE, RESERVE)
        settings = chain[Hyperparameters]
        settings.min_burn[NETUID], settings.max_burn[NETUID] = given["min_burn"], given["max_burn"]
        settings.burn_half_life[NETUID] = given.get("half_life", 0)
        if "multiplier_x64" in given:
            settings.burn_increase_mult[NETUID] = given["multiplier_x64"]
        chain[Registration].burn[NETUID] = given["burn"]

    @property
    def price(self):
        return self.chain[Registration].burn[NETUID]

    def block(self, number=2):
        self.chain[System].number.set(number)
        self.chain[Registration].on_initialize()

    def register(self):
        """A new coldkey pays exactly the price."""
        self.sold += 1
        name = f"miner {self.sold}"
        self.books.endow(name, self.price)
        self.chain.call(Registration.burned_register, NETUID, self.chain.who(f"hotkey of {name}"), by=name)
        assert self.chain.balance(name) == 500


@pytest.mark.vectors("d_neuron_burn", "decay_factor")
def test_a_block_multiplies_by_the_recorded_factor(chain, books, given, expected):
    desk = Desk(chain, books, given | {"burn": 1 << 32, "min_burn": 0, "max_burn": U64_MAX})
    desk.block()
    assert desk.price == expected["factor_x32"]


@pytest.mark.vectors("d_neuron_burn", "next_block")
def test_a_block_leaves_the_recorded_price(chain, books, given, expected):
    desk = Desk(chain, books, given)
    desk.block(given["now"])
    assert desk.price == expected["burn"]


@pytest.mark.vectors("d_neuron_burn", "registered")
def test_a_registration_leaves_the_recorded_price(chain, books, given, expected):
    desk = Desk(chain, books, given)
    if given["burn"] > 1000 * RESERVE:  # no account has so much
        chain[Registration]._count(NETUID, 0)
    else:
        desk.register()
    assert desk.price == expected["burn"]


@pytest.mark.vectors("d_neuron_burn", "sequence")
def test_blocks_and_registrations_leave_the_recorded_prices(chain, books, given, expected):
    desk, seen = Desk(chain, books, given), []
    for event, times in given["plan"]:
        for _ in range(times):
            getattr(desk, event)()
        seen.append(desk.price)
    assert seen == expected
