"""Buy stake, then move it to another hotkey, another subnet and another coldkey; be refused in between.

Each move comes with the quotes of the block before: what selling gives, and what that buys without a fee,
since a move between subnets pays one fee, on the sale.

move_stake.py URL WALLETS STAKER RECEIVER FIRST_VALIDATOR SECOND_VALIDATOR ORIGIN DESTINATION AMOUNT_TAO
"""

from dataclasses import dataclass
from typing import Any

import bittensor as bt
from quotes import buys
from session import Session, outcome, run

PART_RAO = 3_123_456_789


@dataclass(frozen=True, slots=True)
class Position:
    """Whose stake, with which hotkey, on which subnet."""

    coldkey: str
    hotkey: str
    netuid: int


async def move_stake(session: Session) -> dict[str, Any]:
    client = session.client
    staker, receiver, first, second, origin, destination, amount = session.arguments
    wallet, origin, destination = session.wallet(staker), int(origin), int(destination)
    own, other = wallet.coldkeypub.ss58_address, session.wallet(receiver).coldkeypub.ss58_address
    one, two = (session.wallet(name).hotkeypub.ss58_address for name in (first, second))
    part = client.balance(PART_RAO, origin)

    async def held(position: Position, block: int) -> int:
        stake = await client.staking.get(position.coldkey, position.hotkey, position.netuid, block=block)
        return int(stake.rao)

    async def moved(intent: bt.Intent, source: Position, target: Position) -> dict[str, Any]:
        result = outcome(await client.execute(intent, wallet))
        now, before = result["block"], result["block"] - 1
        return {
            **result,
            "left_rao": await held(source, before) - await held(source, now),
            "arrived_rao": await held(target, now) - await held(target, before),
            "quote": await quote(session, source.netuid, target.netuid, before),
        }

    def to(hotkey: str, netuid: int) -> bt.Intent:
        return bt.MoveStake(
            origin_hotkey_ss58=one,
            origin_netuid=origin,
            dest_hotkey_ss58=hotkey,
            dest_netuid=netuid,
            amount_alpha=part,
        )

    def swap(netuid: int, **terms: Any) -> bt.Intent:
        return bt.SwapStake(
            hotkey_ss58=one, origin_netuid=origin, dest_netuid=netuid, amount_alpha=part, **terms
        )

    def transfer(netuid: int) -> bt.Intent:
        return bt.TransferStake(
            dest_coldkey_ss58=other,
            hotkey_ss58=one,
            origin_netuid=origin,
            dest_netuid=netuid,
            amount_alpha=part,
        )

    bought = await client.execute(bt.AddStake(hotkey_ss58=one, netuid=origin, amount_tao=amount), wallet)
    bought.raise_for_failure()
    source = Position(own, one, origin)
    return {
        "part_rao": PART_RAO,
        "moves": {
            "to a hotkey": await moved(to(two, origin), source, Position(own, two, origin)),
            "to a hotkey elsewhere": await moved(
                to(two, destination), source, Position(own, two, destination)
            ),
            "to a subnet": await moved(swap(destination), source, Position(own, one, destination)),
            "to root": await moved(swap(0), source, Position(own, one, 0)),
            "to a coldkey": await moved(transfer(origin), source, Position(other, one, origin)),
            "to a coldkey elsewhere": await moved(
                transfer(destination), source, Position(other, one, destination)
            ),
        },
        "refused": {
            "to where it is": await moved(to(one, origin), source, source),
            "to the same subnet": await moved(swap(origin, slippage_protection=False), source, source),
            "at no slippage": await moved(swap(destination, rate_tolerance=0.0), source, source),
            "to no hotkey": await moved(to(own, origin), source, source),
        },
    }


async def quote(session: Session, origin: int, destination: int, block: int) -> dict[str, int]:
    """What PART_RAO of the origin would sell for in that block, and what that would buy."""
    view = await session.client.at(block)

    sold = (await view.prices.quote_unstake(origin, f"{PART_RAO}e-9")).tao.rao
    bought = sold if destination == 0 else await buys(view, destination, sold)
    return {"sold_rao": sold, "bought_rao": bought}


run(move_stake)
