import pytest

from ganglion.economy.emission import SUPPLY_CAP_RAO
from ganglion.frame.dispatch import InvariantBroken
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.subnet_account import BURN_ACCOUNT, subnet_account
from ganglion.pallets.subtensor.treasury import Treasury

TAO = 10**9


def test_paying_into_a_subnet_leaves_the_existential_deposit(chain):
    payer = chain.fund("payer", 1)
    assert chain[Treasury].to_subnet(1, payer, 5 * TAO) == TAO - 500
    assert chain.balance("payer") == 500


def test_a_payer_without_spendable_tao_is_refused(chain, who):
    with chain.refuses(errors.InsufficientTaoBalance):
        chain[Treasury].to_subnet(1, who("nobody"), TAO)


def test_paying_out_more_than_a_subnet_holds_is_refused(chain, who):
    chain[Treasury].to_subnet(1, chain.fund("payer", 10), 5 * TAO)
    with chain.refuses(errors.InsufficientTaoBalance):
        chain[Treasury].from_subnet(1, who("payee"), 6 * TAO)


def test_minting_and_recycling_change_both_counts_of_issuance_alike(chain):
    treasury, balances = chain[Treasury], chain[Balances]
    before = treasury.total_issuance.get()
    assert treasury.mint(1, 10 * TAO)
    treasury.recycle(subnet_account(1), 3 * TAO)
    assert treasury.total_issuance.get() - before == 7 * TAO
    assert balances.total_issuance.get() == treasury.total_issuance.get()


def test_dust_that_cannot_open_an_account_is_not_minted(chain):
    assert not chain[Treasury].mint(1, 499)
    assert chain[Balances].total(subnet_account(1)) == 0


def test_a_fee_without_author_goes_where_nobody_can_spend_it(chain):
    chain[Treasury].mint(1, 10 * TAO)
    issued = chain[Balances].total_issuance.get()
    chain[Treasury].pay_fee(1, TAO)
    assert chain[Balances].free(BURN_ACCOUNT) == TAO
    assert chain[Balances].total_issuance.get() == issued


def test_a_fee_goes_to_the_blocks_author(make_chain, who):
    chain = make_chain({"Aura": {"authorities": ["0x" + who("author").hex()]}})
    chain[Treasury].mint(1, 10 * TAO)
    chain[Treasury].pay_fee(1, TAO)
    assert chain.balance("author") == TAO


def test_a_fee_too_small_for_a_new_account_stays_with_the_subnet(make_chain, who):
    chain = make_chain({"Aura": {"authorities": ["0x" + who("author").hex()]}})
    chain[Treasury].mint(1, 10 * TAO)
    chain[Treasury].pay_fee(1, 499)
    assert chain[Balances].free(subnet_account(1)) == 10 * TAO


def test_no_more_is_minted_than_the_cap_leaves(chain, who):
    chain[Balances].deposit(who("whale"), SUPPLY_CAP_RAO - 7)
    assert chain[Treasury].next_block_emission() == 7


def test_issuance_above_the_cap_is_noticed(chain, who):
    chain[Balances].deposit(who("whale"), SUPPLY_CAP_RAO + 1)
    with pytest.raises(InvariantBroken):
        chain[Treasury].try_state()
