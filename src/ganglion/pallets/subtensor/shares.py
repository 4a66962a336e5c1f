"""Shares: the alpha staked to hotkeys, and whose it is.

Behind each hotkey on each subnet is a pool: alpha in all, and a share for each coldkey. Dividends raise the
pool, so they reach every staker without touching anyone's share. On the root network (netuid 0) "alpha"
is TAO. Source: subtensor pallets/subtensor/src/staking/stake_utils.rs.
"""

from __future__ import annotations

from collections.abc import Iterator

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.decimal_float import ZERO, DecimalFloat
from ganglion.economy.share_pool import SharePool
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageMap, StorageNMap, storage
from ganglion.pallets.subtensor.accounts import Accounts
from ganglion.pallets.subtensor.types import SafeFloat
from ganglion.scale.types import AccountId

NOTHING = SafeFloat(0, 0)
# A share and its pool drop digits apart from each other, so stakes may exceed the pool by so little.
DUST_PER_STAKER = 1
# So small a part of all shares may be missing, or too much, for the digits that every change drops.
DRIFT = 10**12


class Shares(Section):
    """Stakes. Amounts in alpha-rao (on the root network in rao)."""

    accounts: Accounts

    # hotkey, coldkey, netuid -> the coldkey's share.
    alpha_v2: StorageNMap[tuple[AccountId, AccountId, NetUid], SafeFloat] = storage(
        Blake2_128Concat, Blake2_128Concat, Identity, default=NOTHING
    )
    # hotkey, netuid -> all shares.
    total_hotkey_shares_v2: StorageDoubleMap[AccountId, NetUid, SafeFloat] = storage(
        Blake2_128Concat, Identity, default=NOTHING
    )
    # hotkey, netuid -> alpha-rao behind all shares.
    total_hotkey_alpha: StorageDoubleMap[AccountId, NetUid, AlphaBalance] = storage(
        Blake2_128Concat, Identity, default=0
    )
    # netuid -> alpha-rao behind all hotkeys.
    total_alpha_staked: StorageMap[NetUid, AlphaBalance] = storage(Identity, default=0)

    def of(self, hotkey: bytes, coldkey: bytes, netuid: int) -> int:
        """Stake of a coldkey with a hotkey on a subnet."""
        share = self.alpha_v2[hotkey, coldkey, netuid]
        return self._pool(hotkey, netuid).stake(_float(share)) if share.mantissa else 0

    def of_hotkey(self, hotkey: bytes, netuid: int) -> int:
        """Stake with a hotkey on a subnet, of all coldkeys together."""
        return self.total_hotkey_alpha[hotkey, netuid]

    def of_coldkey(self, coldkey: bytes, netuid: int) -> int:
        """Stake of a coldkey on a subnet, with all hotkeys together."""
        return sum(self.of(hotkey, coldkey, netuid) for hotkey in self.accounts.staking_hotkeys[coldkey])

    def stakers(self, hotkey: bytes) -> Iterator[tuple[bytes, int, int]]:
        """(coldkey, netuid, stake) of all who have a share with a hotkey, in order of storage key."""
        for (_, coldkey, netuid), share in self.alpha_v2.under(hotkey):
            yield coldkey, netuid, self._pool(hotkey, netuid).stake(_float(share))

    def claims(self, netuid: int) -> Iterator[tuple[bytes, int]]:
        """(coldkey, alpha-rao) of every stake on a subnet that is worth anything, by hotkey, then coldkey.

        A stake that its pool rounds to nothing counts as its share, as on the chain.
        """
        for hotkey, staked_on, _ in self.total_hotkey_alpha.items():
            if staked_on != netuid:
                continue
            owners = sorted(
                coldkey for (_, coldkey, where), _ in self.alpha_v2.under(hotkey) if where == netuid
            )
            for coldkey in owners:
                share = _float(self.alpha_v2[hotkey, coldkey, netuid])
                alpha = self._pool(hotkey, netuid).stake(share) or share.floor_u64()
                if alpha:
                    yield coldkey, alpha

    def accepts(self, hotkey: bytes, netuid: int, amount: int) -> bool:
        """Whether adding `amount` would buy any share; the pool refuses when it lost all its alpha."""
        return self._pool(hotkey, netuid).accepts(amount)

    def add(self, hotkey: bytes, coldkey: bytes, netuid: int, amount: int) -> None:
        """Put `amount` into a coldkey's stake."""
        if amount:
            self.accounts.note_staking(coldkey, hotkey)
        elif self.total_hotkey_shares_v2[
            hotkey, netuid
        ].mantissa:  # where others have shares, nothing buys none
            return
        share = _float(self.alpha_v2[hotkey, coldkey, netuid])
        self._write(hotkey, coldkey, netuid, *self._pool(hotkey, netuid).add(share, amount))

    def remove(self, hotkey: bytes, coldkey: bytes, netuid: int, amount: int) -> None:
        """Take `amount` out of a coldkey's stake; does nothing if the stake is smaller."""
        share = _float(self.alpha_v2[hotkey, coldkey, netuid])
        self._write(hotkey, coldkey, netuid, *self._pool(hotkey, netuid).remove(share, amount))

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """Give every stake with one hotkey on a subnet to another, in order of coldkey."""
        coldkeys = sorted(coldkey for (_, coldkey, where), _ in self.alpha_v2.under(old) if where == netuid)
        for coldkey in coldkeys:
            alpha = self.of(old, coldkey, netuid)
            self.remove(old, coldkey, netuid, alpha)
            self.add(new, coldkey, netuid, alpha)

    def pay_dividend(self, hotkey: bytes, netuid: int, amount: int) -> None:
        """Raise every stake with a hotkey in proportion, by `amount` in all."""
        if amount:
            self._set_value(hotkey, netuid, self._pool(hotkey, netuid).pay_dividend(amount).value)

    def try_state(self) -> None:
        """Shares add up to their pool's, stakes to no more than its alpha, hotkeys to the subnet's."""
        shares: dict[tuple[bytes, int], list[DecimalFloat]] = {}
        for (hotkey, _, netuid), share in self.alpha_v2.items():
            shares.setdefault((hotkey, netuid), []).append(_float(share))
        for (hotkey, netuid), owned in shares.items():
            pool = self._pool(hotkey, netuid)
            held = sum(owned, start=ZERO)
            apart = (held - pool.denominator) + (pool.denominator - held)  # a difference is never negative
            if apart.floor_u64() > 1 + held.floor_u64() // DRIFT:
                raise InvariantBroken(f"shares of {hotkey.hex()} on {netuid}: {held} of {pool.denominator}")
            staked = sum(pool.stake(share) for share in owned)
            if staked > pool.value + DUST_PER_STAKER * len(owned):
                raise InvariantBroken(f"stakes with {hotkey.hex()} on {netuid}: {staked} of {pool.value}")
        by_subnet: dict[int, int] = {}
        for _, netuid, value in self.total_hotkey_alpha.items():
            by_subnet[netuid] = by_subnet.get(netuid, 0) + value
        for netuid in by_subnet.keys() | dict(self.total_alpha_staked.items()).keys():
            if by_subnet.get(netuid, 0) != self.total_alpha_staked[netuid]:
                raise InvariantBroken(f"subnet {netuid}: {by_subnet.get(netuid, 0)} alpha-rao are staked")

    def _pool(self, hotkey: bytes, netuid: int) -> SharePool:
        shares = self.total_hotkey_shares_v2[hotkey, netuid]
        return SharePool(self.total_hotkey_alpha[hotkey, netuid], _float(shares))

    def _write(
        self, hotkey: bytes, coldkey: bytes, netuid: int, pool: SharePool, share: DecimalFloat
    ) -> None:
        self._set_value(hotkey, netuid, pool.value)
        if pool.denominator:
            self.total_hotkey_shares_v2[hotkey, netuid] = _stored(pool.denominator)
        else:
            del self.total_hotkey_shares_v2[hotkey, netuid]
        if share:
            self.alpha_v2[hotkey, coldkey, netuid] = _stored(share)
        else:
            del self.alpha_v2[hotkey, coldkey, netuid]

    def _set_value(self, hotkey: bytes, netuid: int, value: int) -> None:
        change = value - self.total_hotkey_alpha[hotkey, netuid]
        if change == 0:
            return
        self.total_alpha_staked[netuid] += change
        if value:
            self.total_hotkey_alpha[hotkey, netuid] = value
        else:
            del self.total_hotkey_alpha[hotkey, netuid]


def _float(stored: SafeFloat) -> DecimalFloat:
    return DecimalFloat(stored.mantissa, stored.exponent)


def _stored(value: DecimalFloat) -> SafeFloat:
    return SafeFloat(value.mantissa, value.exponent)
