"""Commit to the hash of weights and reveal them: too early, wrongly, rightly, and once more.

commit_hash.py URL WALLETS NETUID VALIDATOR SUDO
"""

import hashlib
from typing import Any

import bittensor as bt
from session import Session, outcome, run

SALT = [3, 1, 4, 1, 5]
VERSION_KEY = 7


async def commit_hash(session: Session) -> dict[str, Any]:
    client = session.client
    netuid, validator, sudo = session.arguments
    wallet, netuid = session.wallet(validator), int(netuid)
    hotkey = wallet.hotkeypub.ss58_address
    own_uid = await client.neurons.uid(hotkey, netuid)
    uids, weights = [own_uid], [1.0]

    def reveal(salt: list[int]) -> bt.Intent:
        return bt.RevealWeights(netuid=netuid, uids=uids, weights=weights, salt=salt, version_key=VERSION_KEY)

    unlimited = bt.calls.AdminUtils.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0)
    await session.as_root(unlimited, session.wallet(sudo))
    nothing = outcome(await client.execute(reveal(SALT), wallet))
    await client.wait_for_epoch(netuid, timeout=30)
    digest = hash_of(wallet.hotkey.public_key, netuid, *bt.intents.normalize(uids, weights))
    call = bt.calls.SubtensorModule.commit_weights(netuid=netuid, commit_hash=digest)
    committed = outcome(await client.submit_call(call, wallet, signer="hotkey"))
    early = outcome(await client.execute(reveal(SALT), wallet))
    hidden = await client.weights.weights(netuid=netuid)
    await client.wait_for_epoch(netuid, timeout=30)
    wrong = outcome(await client.execute(reveal([0]), wallet))
    revealed = outcome(await client.execute(reveal(SALT), wallet))
    return {
        "uid": own_uid,
        "hash": digest,
        "nothing": nothing,
        "committed": committed,
        "early": early,
        "hidden": hidden,
        "wrong": wrong,
        "revealed": revealed,
        "weights": await client.weights.weights(netuid=netuid),
        "again": outcome(await client.execute(reveal(SALT), wallet)),
    }


def hash_of(hotkey: bytes, netuid: int, uids: list[int], values: list[int]) -> str:
    """Blake2-256 of the SCALE encoding of (AccountId, u16, Vec<u16>, Vec<u16>, Vec<u16>, u64)."""
    parts = [hotkey, netuid.to_bytes(2, "little"), *map(vector, (uids, values, SALT))]
    parts.append(VERSION_KEY.to_bytes(8, "little"))
    return "0x" + hashlib.blake2b(b"".join(parts), digest_size=32).hexdigest()


def vector(numbers: list[int]) -> bytes:
    return bytes([len(numbers) << 2]) + b"".join(number.to_bytes(2, "little") for number in numbers)


run(commit_hash)
