"""What a person can do with the running network: an API key, and commands to paste into a shell."""

from __future__ import annotations

import contextlib
import secrets
import sys
import time
from pathlib import Path

from ganglion.cli.up.commands import market_database
from ganglion.market.database import open_database
from ganglion.market.keys import Keys

CUSTOMER = "first"
_CHAT = '{"model": "ganglion/text", "messages": [{"role": "user", "content": "The river rises in the"}]}'


def new_customer(directory: Path) -> str:
    """Make an API key, write it to `directory`/api-key, which the owner alone can read, and return it.

    Raises: DatabaseInvalid, OSError.
    """
    with contextlib.closing(open_database(market_database(directory))) as database:
        secret = secrets.token_urlsafe(32)
        key = Keys(database).new(CUSTOMER, secret, now_ns=time.time_ns(), per_minute=600, parallel=16)
    path = directory / "api-key"
    path.touch(mode=0o600)
    path.write_text(key + "\n")
    return key


def market_call(url: str, key: str, subnets: tuple[str, ...]) -> str:
    """A call to the market at `url`: a question where text is sold, else the list of what is."""
    header = f"-H 'Authorization: Bearer {key}'"
    if "text" not in subnets:
        return f"curl {url}/v1/models {header}"
    return f"curl {url}/v1/chat/completions {header} -H 'Content-Type: application/json' -d '{_CHAT}'"


def audit_call(chain: str, netuid: int, hotkey: str) -> str:
    """A command which checks the validator `hotkey` from its evidence."""
    ganglion = Path(sys.executable).with_name("ganglion")
    return f"{ganglion} audit --chain {chain} --netuid {netuid} --validator {hotkey}"
