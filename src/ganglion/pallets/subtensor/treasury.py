"""Treasury: TAO on its way between coldkeys, subnets and the outside of issuance.

Every TAO is in an account of Balances. What is staked or in a pool is in the account of its subnet, so the
accounts sum up to the issuance, and a subnet's account never holds less than its pool. Issuance is
counted twice, here and in Balances, because the block reward follows this count.

Terms: to *recycle* is to take out of issuance, so that it can be mined again; to *burn* is to send where
nobody can spend it. Source: subtensor pallets/subtensor/src/coinbase/tao.rs.
"""

from __future__ import annotations

from ganglion.economy.emission import SUPPLY_CAP_RAO, block_emission
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import TaoBalance
from ganglion.frame.storage import StorageValue, storage
from ganglion.pallets.aura import Aura
from ganglion.pallets.balances import Balances
from ganglion.pallets.subtensor import errors
from ganglion.pallets.subtensor.subnet_account import BURN_ACCOUNT, subnet_account


class Treasury(Section):
    """Moves TAO into and out of subnets; mints and recycles. Amounts in rao."""

    balances: Balances
    aura: Aura

    # Issuance that the block reward is computed from. Written here and at genesis.
    total_issuance: StorageValue[TaoBalance] = storage(default=0)

    def spendable(self, account: bytes) -> int:
        """What an account can give away if it need not survive that."""
        return self.balances.reducible(account, keep_alive=False)

    def spendable_alive(self, account: bytes) -> int:
        """What an account can give away and survive."""
        return self.balances.reducible(account, keep_alive=True)

    def to_subnet(self, netuid: int, coldkey: bytes, amount: int) -> int:
        """Move TAO of a coldkey to a subnet, leaving the existential deposit; what was moved.

        Raises: InsufficientTaoBalance if nothing can be moved.
        """
        if amount == 0:
            return 0
        moved = min(amount, self.balances.reducible(coldkey, keep_alive=True))
        if moved == 0:
            raise errors.InsufficientTaoBalance(amount)
        self.balances.transfer(coldkey, subnet_account(netuid), moved, keep_alive=True)
        return moved

    def from_subnet(self, netuid: int, account: bytes, amount: int) -> None:
        """Pay TAO of a subnet out. Raises: InsufficientTaoBalance, TokenError."""
        self.pay(subnet_account(netuid), account, amount)

    def pay(self, source: bytes, account: bytes, amount: int) -> None:
        """Move TAO between accounts, even if the source dies of it.

        Raises: InsufficientTaoBalance, TokenError.
        """
        if amount > self.spendable(source):
            raise errors.InsufficientTaoBalance(amount, self.spendable(source))
        before = self.balances.total_issuance.get()
        self.balances.transfer(source, account, amount, keep_alive=False)
        self._count(self.balances.total_issuance.get() - before)

    def pay_fee(self, netuid: int, amount: int) -> None:
        """Give a swap's fee in TAO to the block's author; without one it is burnt.

        A fee too small to open the receiver's account stays on the subnet's.
        """
        receiver = self.aura.author() or BURN_ACCOUNT
        if amount and self.balances.can_receive(receiver, amount):
            self.from_subnet(netuid, receiver, amount)

    def next_block_emission(self) -> int:
        """What this block may mint: the curve's value, never above what the cap leaves."""
        left = max(SUPPLY_CAP_RAO - self.balances.total_issuance.get(), 0)
        return min(block_emission(self.total_issuance.get()), left)

    def mint(self, netuid: int, amount: int) -> bool:
        """Mint TAO for a subnet. False, and nothing minted, if so little could not open the account."""
        account = subnet_account(netuid)
        if not self.balances.can_receive(account, amount):
            return False
        self.balances.deposit(account, amount)
        self._count(amount)
        return True

    def recycle(self, account: bytes, amount: int) -> None:
        """Take TAO of an account, which stays alive, out of issuance. Raises: InsufficientTaoBalance."""
        left = self.balances.reducible(account, keep_alive=True)
        if amount > left:
            raise errors.InsufficientTaoBalance(amount, left)
        self.balances.withdraw(account, amount, keep_alive=True)
        self._count(-amount)

    def try_state(self) -> None:
        """Nobody has issued more than the cap."""
        issued = self.balances.total_issuance.get()
        if issued > SUPPLY_CAP_RAO:
            raise InvariantBroken(f"{issued} rao are issued, the cap is {SUPPLY_CAP_RAO}")

    def _count(self, change: int) -> None:
        if change:
            self.total_issuance.set(max(self.total_issuance.get() + change, 0))
