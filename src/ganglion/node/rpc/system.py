"""system_*: the node itself, and the nonce of an account's next transaction."""

from __future__ import annotations

from importlib.metadata import version

from ganglion.crypto.hashing import blake2_256
from ganglion.node.rpc.backend import Backend
from ganglion.node.rpc.errors import InvalidParams
from ganglion.node.rpc.method import Family, Json, method
from ganglion.node.rpc.params import Account, BlockHash, Hex
from ganglion.node.rpc.wire import to_hex
from ganglion.scale import ScaleError

NODE_NAME = "Ganglion Node"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PEER_ID_HEAD = bytes.fromhex("002408011220")
"""What a libp2p peer id of an ed25519 key begins with."""


class SystemMethods(Family):
    """The node and its peers."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._start = backend.chain.head.number

    @method("system_name")
    def name(self) -> Json:
        """What runs here."""
        return NODE_NAME

    @method("system_version")
    def node_version(self) -> Json:
        """Its version."""
        return version("ganglion")

    @method("system_chain")
    def chain(self) -> Json:
        """The chain's name."""
        return self._backend.spec.name

    @method("system_chainType")
    def chain_type(self) -> Json:
        """Development, Local or Live."""
        return self._backend.spec.chain_type

    @method("system_properties")
    def properties(self) -> Json:
        """Address format and token of the chain."""
        return dict(self._backend.spec.properties)

    @method("system_health")
    async def health(self) -> Json:
        """Whether the node follows the chain."""
        around = await self._backend.engine.surroundings()
        return {
            "peers": len(around.peers),
            "isSyncing": around.is_syncing,
            "shouldHavePeers": around.has_company,
        }

    @method("system_peers")
    async def peers(self) -> Json:
        """Other nodes connected to this one, each with its newest block as far as we have it too."""
        around = await self._backend.engine.surroundings()
        head = self._backend.chain.head
        return [
            {
                "peerId": peer.id,
                "roles": "FULL",
                "bestHash": to_hex(self._backend.chain.blocks.hash_of(peer.number) or head.hash),
                "bestNumber": min(peer.number, head.number),
            }
            for peer in around.peers
        ]

    @method("system_nodeRoles")
    async def node_roles(self) -> Json:
        """What the node does."""
        around = await self._backend.engine.surroundings()
        return ["Authority" if around.is_voting else "Full"]

    @method("system_localPeerId")
    def local_peer_id(self) -> Json:
        """A name for the node in the form of a peer id."""
        return base58(PEER_ID_HEAD + blake2_256(b"peer" + self._backend.chain.genesis_hash))

    @method("system_localListenAddresses")
    def listen_addresses(self) -> Json:
        """Where other nodes reach this one."""
        return []

    @method("system_syncState")
    def sync_state(self) -> Json:
        """Block numbers: at the node's start, now, and the highest known."""
        number = self._backend.chain.head.number
        return {"startingBlock": self._start, "currentBlock": number, "highestBlock": number}

    @method("system_accountNextIndex", "account_nextIndex")
    def next_nonce(self, account: Account) -> Json:
        """The nonce for the account's next transaction, those in the pool counted."""
        return self._backend.pool.next_nonce(account)

    @method("system_dryRun", "system_dryRunAt")
    async def dry_run(self, extrinsic: Hex, at: BlockHash | None = None) -> Json:
        """How an extrinsic would end: an encoded `ApplyExtrinsicResult`."""
        try:
            return to_hex(await self._backend.aside(self._backend.calls.dry_run, extrinsic, at))
        except ScaleError as error:
            raise InvalidParams(f"not an extrinsic: {error}") from error


def base58(data: bytes) -> str:
    """Base58 as in Bitcoin."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\x00"))) + text
