"""The demonstration's wallets: one of the official layout for each part, in a directory of its own.

Keys are fresh and unencrypted: they own nothing outside this throw-away chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import bittensor
from bittensor.keyfiles import Keypair

from ganglion.cli.up.cast import HOTKEY

RICH_URI = "//Alice"
"""The development account that pays for everything and holds the sudo key."""


def make_wallets(directory: Path, names: Iterable[str]) -> dict[str, bittensor.Wallet]:
    """A wallet with fresh coldkey and hotkey for each name."""
    return {name: _write(directory, name, _fresh(), _fresh()) for name in names}


def rich_wallet(directory: Path) -> bittensor.Wallet:
    """The development account's wallet."""
    return _write(directory, "alice", Keypair.create_from_uri(RICH_URI), _fresh())


def _fresh() -> Keypair:
    return Keypair.create_from_mnemonic(Keypair.generate_mnemonic())


def _write(directory: Path, name: str, coldkey: Keypair, hotkey: Keypair) -> bittensor.Wallet:
    wallet = bittensor.Wallet(name, HOTKEY, str(directory))
    wallet.coldkey_file.set_keypair(coldkey, encrypt=False)
    wallet.regenerate_coldkeypub(ss58_address=coldkey.ss58_address)
    wallet.hotkey_file.set_keypair(hotkey, encrypt=False)
    wallet.regenerate_hotkeypub(ss58_address=hotkey.ss58_address)
    return wallet
