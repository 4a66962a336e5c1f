"""CometBFT's home: what stays when a node forgets its chain, and what is told without CometBFT."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ganglion.node.chain_spec import localnet
from ganglion.node.engines.comet.home import CometGenesis, CometSettings, forget_chain, keys_of, write_home
from ganglion.node.engines.comet.keys import CometKey
from ganglion.node.engines.comet.rpc import LOST, CometRpc
from ganglion.node.errors import CannotStart

VOTING, NAMING = CometKey(b"\x01" * 32), CometKey(b"\x02" * 32)
VOTED = {"height": "7", "round": 1, "step": 3}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of a node that voted already, and whose CometBFT does not run."""
    spec = localnet()
    beginning = spec.build_genesis(spec.runtime()).stored.header
    settings = CometSettings("node", 1.0, p2p="127.0.0.1:1", rpc="127.0.0.1:1")
    write_home(tmp_path, settings, CometGenesis("chain", 1_800_000_000, beginning), VOTING, NAMING)
    (tmp_path / "data" / "priv_validator_state.json").write_text(json.dumps(VOTED))
    (tmp_path / "data" / "blockstore.db").mkdir()
    (tmp_path / "data" / "blockstore.db" / "000001.log").write_text("blocks")
    return tmp_path


def test_a_node_that_forgets_its_chain_keeps_its_keys_and_what_it_voted_for(home: Path) -> None:
    forget_chain(home)
    assert [entry.name for entry in (home / "data").iterdir()] == ["priv_validator_state.json"]
    assert json.loads((home / "data" / "priv_validator_state.json").read_text()) == VOTED
    assert keys_of(home) == (VOTING, NAMING)


def test_keys_that_are_not_there_are_missed_in_one_line(home: Path) -> None:
    (home / "config" / "node_key.json").unlink()
    with pytest.raises(CannotStart, match=r"node_key\.json"):
        keys_of(home)


async def test_without_cometbft_a_node_has_no_peers_and_follows_nothing(home: Path) -> None:
    assert await CometRpc(home).surroundings() == LOST


def test_secrets_are_for_their_owner_only(home: Path) -> None:
    for name in ("priv_validator_key.json", "node_key.json"):
        assert (home / "config" / name).stat().st_mode & 0o077 == 0
