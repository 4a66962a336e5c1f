"""Miner collateral: stake that a registration locks, and that only what the miner earns unlocks again.

A subnet's owner switches it on by a lock share above 0; at 0, the default, registrations are burnt whole as
on the June chain. A position belongs to a hotkey and its owner. It survives the loss of the uid and counts
when the hotkey registers again. It cannot be unstaked, moved or given away, but swapped with its keys.
Source: subtensor pallets/subtensor/src/subnets/collateral.rs (spec 435 and later).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from ganglion.crypto.hashing import Blake2_128Concat, Identity
from ganglion.economy.collateral import Charge, joint, purchase_limit, registration_charge, settled
from ganglion.economy.collateral import Collateral as Position
from ganglion.economy.swap import NO_BUY_LIMIT_RAO
from ganglion.fixed import I96F32, U64F64
from ganglion.frame.dispatch import InvariantBroken
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import AlphaBalance, NetUid
from ganglion.frame.storage import StorageDoubleMap, StorageNMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import MinerCollateralState
from ganglion.scale.markers import Bounded
from ganglion.scale.types import AccountId, Vec

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.hyperparameters import Hyperparameters
    from ganglion.pallets.subtensor.locks import Locks
    from ganglion.pallets.subtensor.pools import Pools
    from ganglion.pallets.subtensor.prices import Prices
    from ganglion.pallets.subtensor.shares import Shares
    from ganglion.pallets.subtensor.subnets import Subnets
    from ganglion.pallets.subtensor.tao_flows import TaoFlows
    from ganglion.pallets.subtensor.treasury import Treasury
    from ganglion.pallets.swap import Swap

MAX_HOTKEYS = 32
"""Hotkeys of one coldkey with collateral on one subnet."""


class Collateral(Section):
    """Keeps positions. Amounts in alpha-rao, charges in rao."""

    accounts: Accounts
    hyperparameters: Hyperparameters
    locks: Locks
    pools: Pools
    prices: Prices
    shares: Shares
    subnets: Subnets
    swap: Swap
    tao_flows: TaoFlows
    treasury: Treasury

    # netuid, hotkey, coldkey -> the position.
    miner_collateral: StorageNMap[tuple[NetUid, AccountId, AccountId], MinerCollateralState | None] = storage(
        Identity, Blake2_128Concat, Blake2_128Concat
    )
    # netuid, coldkey -> what it has locked with all hotkeys.
    coldkey_miner_collateral: StorageDoubleMap[NetUid, AccountId, AlphaBalance] = storage(
        Identity, Blake2_128Concat, default=0
    )
    # netuid, coldkey -> hotkeys that it has a position with, oldest first.
    coldkey_collateral_hotkeys: StorageDoubleMap[
        NetUid, AccountId, Annotated[Vec[AccountId], Bounded(MAX_HOTKEYS)]
    ] = storage(Identity, Blake2_128Concat, default=())

    def position(self, netuid: int, hotkey: bytes, coldkey: bytes) -> Position | None:
        """A position, if there is one."""
        state = self.miner_collateral[netuid, hotkey, coldkey]
        if state is None:
            return None
        return Position(state.locked, state.drain_ratio, state.min_locked, state.earned)

    def locked(self, netuid: int, hotkey: bytes, coldkey: bytes) -> int:
        """What of a stake is collateral."""
        position = self.position(netuid, hotkey, coldkey)
        return 0 if position is None else position.locked

    def locked_by(self, coldkey: bytes, netuid: int) -> int:
        """What of a coldkey's stake on a subnet is collateral, with all hotkeys together."""
        return self.coldkey_miner_collateral[netuid, coldkey]

    def is_bonded(self, hotkey: bytes, coldkey: bytes, netuid: int | None) -> bool:
        """Whether there is a position on a subnet, or on any for None."""
        netuids = self.subnets.netuids() if netuid is None else (netuid,)
        return any((where, hotkey, coldkey) in self.miner_collateral for where in netuids)

    def free(self, coldkey: bytes, hotkey: bytes, netuid: int) -> int:
        """What of a stake is no collateral."""
        staked = self.shares.of(hotkey, coldkey, netuid)
        return max(staked - self.locked(netuid, hotkey, coldkey), 0)

    def charge(self, netuid: int, hotkey: bytes, coldkey: bytes, cost: int) -> Charge:
        """What a registration that costs `cost` burns and locks."""
        share = self.hyperparameters.collateral_lock_share[netuid]
        locked = self.locked(netuid, hotkey, coldkey)
        return registration_charge(cost, share, locked, self.moving_price(netuid))

    def pay_registration(self, netuid: int, hotkey: bytes, coldkey: bytes, charge: Charge) -> None:
        """Take the charge of a coldkey; burn and lock what it buys.

        Raises: NotEnoughBalanceToStake, SlippageTooHigh, InsufficientLiquidity,
        ColdkeyCollateralPositionsFull, as `Swap.buy`. Emits: StakeAdded, CollateralLocked if alpha is locked.
        """
        if self.hyperparameters.collateral_lock_share[netuid] == 0:
            self.pools.buy_and_destroy(netuid, self.treasury.to_subnet(netuid, coldkey, charge.total))
        elif charge.total:
            self._buy_bond(netuid, hotkey, coldkey, charge)
        position = self.position(netuid, hotkey, coldkey)
        if position is not None:
            ratio = self.hyperparameters.collateral_drain_ratio[netuid]
            self.put(netuid, hotkey, coldkey, replace(position, drain_ratio=ratio))

    def settle(self, netuid: int, hotkey: bytes, earned: int, capturable: int) -> int:
        """Let what a hotkey earned unlock its owner's collateral, or capture it; how much was captured.

        What is captured is staked; `capturable` must be the owner's own.
        """
        if earned == 0:
            return 0
        coldkey = self.accounts.owner_of(hotkey)
        position = self.position(netuid, hotkey, coldkey)
        if position is None:
            return 0
        position, captured = settled(position, earned, capturable)
        self.shares.add(hotkey, coldkey, netuid, captured)
        self.put(netuid, hotkey, coldkey, position)
        return captured

    def add(self, netuid: int, hotkey: bytes, coldkey: bytes, alpha: int) -> int:
        """Lock stake; all that is locked of it now. Raises: ColdkeyCollateralPositionsFull."""
        position = self.position(netuid, hotkey, coldkey) or self.new_position(netuid)
        self.put(netuid, hotkey, coldkey, replace(position, locked=position.locked + alpha))
        return position.locked + alpha

    def new_position(self, netuid: int) -> Position:
        """An empty position on a subnet's present terms."""
        return Position(drain_ratio=self.hyperparameters.collateral_drain_ratio[netuid])

    def put(self, netuid: int, hotkey: bytes, coldkey: bytes, position: Position) -> None:
        """Store a position, unless it is empty. Raises: ColdkeyCollateralPositionsFull."""
        change = position.locked - self.locked(netuid, hotkey, coldkey)
        if position:
            self._index(netuid, coldkey, hotkey)
            self.miner_collateral[netuid, hotkey, coldkey] = MinerCollateralState(
                position.locked, position.drain_ratio, position.floor, position.earned
            )
        else:
            del self.miner_collateral[netuid, hotkey, coldkey]
            self._list(netuid, coldkey, lambda hotkeys: tuple(key for key in hotkeys if key != hotkey))
        total = self.coldkey_miner_collateral[netuid, coldkey] + change
        if total:
            self.coldkey_miner_collateral[netuid, coldkey] = total
        else:
            del self.coldkey_miner_collateral[netuid, coldkey]

    def moving_price(self, netuid: int) -> int:
        """The price (U64F64) that collateral is valued at: spot could be pumped for a block."""
        return U64F64.convert(self.prices.moving(netuid), I96F32)

    def move_hotkey_stake(self, old: bytes, new: bytes, netuid: int) -> None:
        """Let positions with a hotkey on a subnet be with another."""
        for (_, _, coldkey), _ in self.miner_collateral.under(netuid, old):
            self._list(
                netuid,
                coldkey,
                lambda hotkeys: hotkeys if new in hotkeys else tuple(new if k == old else k for k in hotkeys),
            )
            self._move((netuid, old, coldkey), (netuid, new, coldkey))

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give all positions of a coldkey to another. Raises: ColdkeyCollateralPositionsFull."""
        for netuid, coldkey, hotkeys in self.coldkey_collateral_hotkeys.items():
            for hotkey in hotkeys if coldkey == old else ():
                self._move((netuid, hotkey, old), (netuid, hotkey, new))

    def try_state(self) -> None:
        """Totals are sums, and hotkeys are listed, of positions that are not empty."""
        totals: dict[tuple[int, bytes], int] = {}
        listed: dict[tuple[int, bytes], set[bytes]] = {}
        for (netuid, hotkey, coldkey), state in self.miner_collateral.items():
            if state is not None:
                totals[netuid, coldkey] = totals.get((netuid, coldkey), 0) + state.locked
                listed.setdefault((netuid, coldkey), set()).add(hotkey)
        kept = {(netuid, coldkey): total for netuid, coldkey, total in self.coldkey_miner_collateral.items()}
        if kept != {key: total for key, total in totals.items() if total}:
            raise InvariantBroken(f"collateral {totals} counted as {kept}")
        hotkeys = {
            (netuid, coldkey): set(keys) for netuid, coldkey, keys in self.coldkey_collateral_hotkeys.items()
        }
        if hotkeys != listed:
            raise InvariantBroken(f"collateral with {listed} listed as {hotkeys}")

    def _buy_bond(self, netuid: int, hotkey: bytes, coldkey: bytes, charge: Charge) -> None:
        """Buy alpha for the whole charge or not at all, at most 5 % above spot if any of it is locked."""
        limit = self._limit(netuid, charge.total) if charge.bonded else NO_BUY_LIMIT_RAO
        paid = self.treasury.to_subnet(netuid, coldkey, charge.total)
        if paid < charge.total:
            raise errors.NotEnoughBalanceToStake(paid, charge.total)
        trade = self.pools.buy(netuid, paid, limit)
        if trade.paid_in + trade.fee != paid:
            raise errors.SlippageTooHigh(paid, trade.paid_in + trade.fee)
        self.treasury.pay_fee(netuid, trade.fee)
        self.tao_flows.note(netuid, trade.paid_in)
        bonded = charge.bonded_part(trade.paid_out)
        self.pools.add_alpha_out(netuid, bonded - trade.paid_out)
        if bonded == 0:
            return
        if not self.shares.accepts(hotkey, netuid, bonded):
            raise errors.InsufficientLiquidity(bonded)
        self.shares.add(hotkey, coldkey, netuid, bonded)
        self.locks.refresh(coldkey, netuid)
        tao = charge.bonded_part(paid)
        self.emit(events.StakeAdded(coldkey, hotkey, tao, bonded, netuid, trade.fee))
        total = self.add(netuid, hotkey, coldkey, bonded)
        self.emit(events.CollateralLocked(netuid, hotkey, bonded, total))

    def _limit(self, netuid: int, rao: int) -> int:
        limit = purchase_limit(self.prices.spot(netuid))
        if limit == 0:
            raise errors.InsufficientLiquidity(rao)
        at_most = self.swap.most_to_buy(netuid, limit)
        if rao > at_most:
            raise errors.SlippageTooHigh(rao, at_most)
        return limit

    def _move(self, source: tuple[int, bytes, bytes], target: tuple[int, bytes, bytes]) -> None:
        moved, present = self.position(*source), self.position(*target)
        if moved is not None and source != target:
            self.put(*source, Position())
            self.put(*target, moved if present is None else joint(present, moved))

    def _index(self, netuid: int, coldkey: bytes, hotkey: bytes) -> None:
        hotkeys = self.coldkey_collateral_hotkeys[netuid, coldkey]
        if hotkey in hotkeys:
            return
        if len(hotkeys) >= MAX_HOTKEYS:
            raise errors.ColdkeyCollateralPositionsFull(coldkey, netuid)
        self._list(netuid, coldkey, lambda known: (*known, hotkey))

    def _list(
        self, netuid: int, coldkey: bytes, change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]
    ) -> None:
        hotkeys = change(self.coldkey_collateral_hotkeys[netuid, coldkey])
        if hotkeys:
            self.coldkey_collateral_hotkeys[netuid, coldkey] = hotkeys
        else:
            del self.coldkey_collateral_hotkeys[netuid, coldkey]
