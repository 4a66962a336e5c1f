"""The page on the economy computes what it says, and a real runtime makes its block with the same numbers."""

import doctest
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ganglion.economy.payout import Pots
from ganglion.frame.block import Digest
from ganglion.frame.executive import Executive
from ganglion.frame.extrinsic import ExtrinsicCodec
from ganglion.frame.origin import Origin
from ganglion.frame.world import World
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.epoch_schedule import EpochSchedule
from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
from ganglion.pallets.subtensor.neurons import Neurons
from ganglion.pallets.subtensor.payout import Payout
from ganglion.pallets.subtensor.pools import Pools
from ganglion.pallets.subtensor.prices import Prices
from ganglion.pallets.subtensor.registration import Registration
from ganglion.pallets.subtensor.root_claims import RootClaims
from ganglion.pallets.subtensor.root_stakers import RootStakers
from ganglion.pallets.subtensor.shares import Shares
from ganglion.pallets.subtensor.stake_weight import StakeWeights
from ganglion.pallets.subtensor.staking import Staking
from ganglion.pallets.subtensor.subnet_account import subnet_account
from ganglion.pallets.subtensor.subnet_emission import SubnetEmission
from ganglion.pallets.subtensor.subnets import Subnets
from ganglion.pallets.subtensor.treasury import Treasury
from ganglion.pallets.subtensor.vote_matrix import VoteMatrix
from ganglion.pallets.swap import Swap
from ganglion.pallets.system import System
from ganglion.runtime import runtime
from ganglion.state.overlay import EmptyBase, Overlay

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "economy.md").read_text()
ROOT, NOW, TAO, ALPHA = 0, 1_000_000, 10**9, 10**9
EXISTENTIAL = 500
NEURONS = ("owner_hotkey", "validator", "child", "miner", "other")
STAKES = [
    ("validator", "nominator", 1, 20_000 * ALPHA),
    ("child", "child_owner", 1, 9_000 * ALPHA),
    ("parent", "parent_owner", 1, 20_000 * ALPHA),
    ("validator", "root_staker", ROOT, 600_000 * TAO),
    ("parent", "parent_owner", ROOT, 400_000 * TAO),
]


def who(name: str) -> bytes:
    """An account whose order among others is that of the name."""
    return name.encode().ljust(32, b"\0")


@dataclass(frozen=True)
class Page:
    """What the page's code left behind, by name."""

    said: dict[str, Any]
    failed: int

    def __getattr__(self, name: str) -> Any:
        return self.said[name]


@pytest.fixture(scope="module")
def page() -> Page:
    example = doctest.DocTestParser().get_doctest(PAGE, {}, "economy.md", "docs/economy.md", 0)
    results = doctest.DocTestRunner().run(example, clear_globs=False)
    assert results.attempted > 50
    return Page(example.globs, results.failed)


class Books:
    """Writes the page's two subnets into an empty world."""

    def __init__(self, world: World, page: Page) -> None:
        self.world, self.page = world, page
        self.world[Aura].authorities.set((who("author"),))
        for netuid in page.pools:
            self.open(netuid)
        self.seat()
        for hotkey, coldkey, netuid, amount in STAKES:
            world[Shares].add(who(hotkey), who(coldkey), netuid, amount)
        for coldkey in ("root_staker", "parent_owner"):
            world[RootStakers].add(who(coldkey))
        half = 2**63
        world[StakeWeights].child_keys[who("parent"), 1] = ((half, who("child")),)
        world[StakeWeights].parent_keys[who("child"), 1] = ((half, who("parent")),)
        world[StakeWeights].childkey_take[who("child"), 1] = 5_898
        self.fund()

    def open(self, netuid: int) -> None:
        world, page = self.world, self.page
        pool, standing = page.pools[netuid], page.standings[netuid]
        world[Subnets].networks_added[netuid] = True
        world[Subnets].subnet_mechanism[netuid] = 1
        world[Subnets].first_emission_block_number[netuid] = 1
        world[Subnets].subtoken_enabled[netuid] = True
        world[Subnets].subnet_owner[netuid] = who("owner")
        world[Subnets].subnet_owner_hotkey[netuid] = who("owner_hotkey")
        world[Pools].subnet_tao[netuid] = pool.tao
        world[Pools].subnet_alpha_in[netuid] = pool.alpha
        world[Pools].subnet_alpha_out[netuid] = page.outside[netuid]
        world[Swap].open(netuid)
        world[Prices].subnet_moving_price[netuid] = standing.moving_price
        world[SubnetEmission].miner_burned[netuid] = standing.miner_burned
        world[Registration].burn[netuid] = TAO
        world[EpochSchedule].last_epoch_block[netuid] = NOW - 360 if netuid == 1 else NOW - 1

    def seat(self) -> None:
        """The neurons of subnet 1, both validators having voted as the page tells, and its pots."""
        world, waiting = self.world, self.page.waiting
        for hotkey in (*NEURONS, "parent"):
            world[Accounts].create(
                who("owner" if hotkey == "owner_hotkey" else f"{hotkey}_owner"), who(hotkey)
            )
        for hotkey in NEURONS:
            world[Neurons].append(1, who(hotkey))
        validators = [NEURONS.index("validator"), NEURONS.index("child")]
        world[Neurons].validator_permit[1] = tuple(uid in validators for uid in range(len(NEURONS)))
        world[Neurons].last_update[1] = (NOW - 1,) * len(NEURONS)
        world[Hyperparameters].commit_reveal_weights_enabled[1] = False
        votes = ((NEURONS.index("miner"), 60_000), (NEURONS.index("other"), 20_000))
        for uid in validators:
            world[VoteMatrix].weights[1, uid] = votes
        world[SubnetEmission].pending_owner_cut[1] = waiting.owner
        world[SubnetEmission].pending_server_emission[1] = waiting.server
        world[SubnetEmission].pending_validator_emission[1] = waiting.validator
        world[SubnetEmission].pending_root_alpha_divs[1] = waiting.root

    def fund(self) -> None:
        """Every TAO that is issued is in some account."""
        world, page = self.world, self.page
        held = {subnet_account(netuid): pool.tao for netuid, pool in page.pools.items()}
        held |= {subnet_account(ROOT): page.root_tao, who("buyer"): 10 * TAO + EXISTENTIAL}
        held |= {who("newcomer"): 2 * TAO, who("author"): EXISTENTIAL}
        held[who("everybody else")] = page.issuance - sum(held.values())
        for account, rao in held.items():
            world[Balances].deposit(account, rao)
        world[Treasury].total_issuance.set(page.issuance)
        world[Pools].subnet_tao[ROOT] = world[Pools].subnet_alpha_out[ROOT] = page.root_tao


@pytest.fixture(scope="module")
def block(page: Page) -> World:
    """The page's block on a real runtime, its hooks done and no transaction yet."""
    chain = runtime()
    world = World(chain, Overlay(EmptyBase()))
    world[Subnets].networks_added[ROOT] = True
    Books(world, page)
    world.try_state()
    executive = Executive(world, world[System], ExtrinsicCodec(chain))
    executive.open_block(NOW, bytes(32), Digest(()))
    world.try_state()
    return world


def stake_of(world: World, hotkey: str, coldkey: str, netuid: int = 1) -> int:
    return world[Shares].of(who(hotkey), who(coldkey), netuid)


def test_the_code_of_the_page_gives_what_the_page_shows(page: Page) -> None:
    assert page.failed == 0


def test_subnets_get_the_tao_and_alpha_of_the_page(page: Page, block: World) -> None:
    emission, pools = block[SubnetEmission], block[Pools]
    for netuid, done in page.injections.items():
        assert emission.subnet_tao_in_emission[netuid] == done.tao_in
        assert emission.subnet_alpha_in_emission[netuid] == done.alpha_in
        assert emission.subnet_excess_tao[netuid] == done.excess_bought_with
        assert pools.subnet_protocol_alpha[netuid] == done.alpha_bought
        assert block[Swap].swap_balancer[netuid].quote == done.pool.quote
    assert block[Balances].total_issuance.get() == block[Treasury].total_issuance.get()
    assert block[Balances].total_issuance.get() == page.issuance + page.minted
    assert (pools.subnet_tao[2], pools.subnet_alpha_in[2]) == (
        page.injections[2].pool.tao,
        page.injections[2].pool.alpha,
    )


def test_the_pots_wait_as_on_the_page(page: Page, block: World) -> None:
    assert block[SubnetEmission].take_pots(1) == Pots()
    emission, pots = block[SubnetEmission], page.pots[2]
    assert emission.pending_owner_cut[2] == pots.owner
    assert emission.pending_server_emission[2] == pots.server
    assert emission.pending_validator_emission[2] == pots.validator
    assert emission.pending_root_alpha_divs[2] == pots.root


def test_owner_and_miners_are_paid_as_on_the_page(page: Page, block: World) -> None:
    assert stake_of(block, "owner_hotkey", "owner") == page.due.owner
    for hotkey, incentive in page.incentives.items():
        assert stake_of(block, hotkey, f"{hotkey}_owner") == incentive


def test_stakers_and_root_are_paid_as_on_the_page(page: Page, block: World) -> None:
    payout = block[Payout]
    assert payout.alpha_dividends_per_subnet[1, who("validator")] == page.rest
    assert payout.root_alpha_dividends_per_subnet[1, who("validator")] == page.root_rest
    assert block[Shares].of_hotkey(who("validator"), 1) == sum(
        (20_000 * ALPHA, page.take, page.rest, page.root_take)
    )
    for hotkey in ("child", "parent"):
        for dividends, kind in (
            (payout.alpha_dividends_per_subnet, "alpha"),
            (payout.root_alpha_dividends_per_subnet, "root"),
        ):
            amount = getattr(page.paid[hotkey], kind)
            assert dividends[1, who(hotkey)] == page.split_take(amount, 11_796)[1]


def test_the_picked_root_staker_claims_what_the_page_says(page: Page, block: World) -> None:
    claims = block[RootClaims]
    assert claims.root_claimable[who("validator")] == {1: page.rate}
    assert claims.subnet_root_sell_tao[1] == page.sale.paid_out
    assert stake_of(block, "validator", "root_staker", ROOT) == 600_000 * TAO + page.sale.paid_out
    assert stake_of(block, "validator", "root_staker") == 0
    assert block[Pools].subnet_tao[1] == page.sale.pool.tao


def test_the_moving_price_moves_as_on_the_page(page: Page, block: World) -> None:
    assert block[Prices].subnet_moving_price[1] == page.after


def test_trades_in_the_block_are_those_of_the_page(page: Page, block: World) -> None:
    chain, pools = block.runtime, block[Pools]
    with block.transaction():
        buyer, newcomer = Origin.of(who("buyer")), Origin.of(who("newcomer"))
        block.dispatch(chain.call(Staking.add_stake, who("other"), 1, 10 * TAO), buyer)
        assert stake_of(block, "other", "buyer") == page.trade.paid_out
        assert block[Balances].free(who("author")) == EXISTENTIAL + page.trade.fee
        assert block[Registration].burn[2] == page.burn
        block.dispatch(chain.call(Registration.burned_register, 2, who("new miner")), newcomer)
        assert block[Balances].free(who("newcomer")) == 2 * TAO - page.burn
        assert block[Registration].burn[2] == page.next_burn
        assert pools.subnet_tao[1] == page.trade.pool.tao
        assert (pools.subnet_tao[2], pools.subnet_alpha_in[2]) == (
            page.registration.pool.tao,
            page.registration.pool.alpha,
        )
        minted = page.U96F32.floor(page.terms[2].alpha_out)
        assert pools.subnet_alpha_out[2] == page.outside[2] + minted + page.injections[2].alpha_bought
        block.try_state()


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, its own head left out."""
    table = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_setting_has_the_default_of_the_page() -> None:
    items = {f"{item.pallet}.{item.name}": item for pallet in runtime().pallets for item in pallet.storage}
    for _, named, default, _ in rows("Settings"):
        name = named.strip("`")
        item = items[name if "." in name else f"SubtensorModule.{name}"]
        assert str(getattr(item.default, "name", item.default)) == default, name


def test_every_file_that_the_page_names_is_there() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE):
        assert (DOCS / link).exists(), link
    package = DOCS.parent / "src" / "ganglion"
    for _, mathematics, books in rows("Where it is"):
        for cell, folder in ((mathematics, package / "economy"), (books, package / "pallets" / "subtensor")):
            for file in re.findall(r"`([^`]+)`", cell):
                assert (folder / file).exists(), file
