"""Identities: how coldkeys and subnets present themselves.

Source: subtensor pallets/subtensor/src/utils/identity.rs. Lengths are in bytes. Not every field counts
towards the total, as on the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganglion.crypto.hashing import Blake2_128Concat
from ganglion.frame.call import call
from ganglion.frame.origin import Origin
from ganglion.frame.pallet import Section
from ganglion.frame.primitives import NetUid
from ganglion.frame.storage import StorageMap, storage
from ganglion.pallets.subtensor import errors, events
from ganglion.pallets.subtensor.types import ChainIdentity, SubnetIdentity
from ganglion.scale.types import AccountId, Bytes

if TYPE_CHECKING:
    from ganglion.pallets.subtensor.accounts import Accounts
    from ganglion.pallets.subtensor.neurons import Neurons
    from ganglion.pallets.subtensor.subnets import Subnets

COLDKEY_LIMITS = {
    "name": 256,
    "url": 256,
    "github_repo": 256,
    "image": 1024,
    "discord": 256,
    "description": 1024,
    "additional": 1024,
}
COLDKEY_TOTAL = 4096
SUBNET_LIMITS = {
    "subnet_name": 256,
    "github_repo": 1024,
    "subnet_contact": 1024,
    "subnet_url": 1024,
    "discord": 256,
    "description": 1024,
    "logo_url": 1024,
    "additional": 1024,
}


class Identities(Section):
    """Identities of coldkeys and subnets."""

    accounts: Accounts
    neurons: Neurons
    subnets: Subnets

    # coldkey -> identity.
    identities_v2: StorageMap[AccountId, ChainIdentity | None] = storage(Blake2_128Concat)
    # netuid -> identity.
    subnet_identities_v3: StorageMap[NetUid, SubnetIdentity | None] = storage(Blake2_128Concat)

    @call(index=68)
    def set_identity(
        self,
        origin: Origin,
        name: Bytes,
        url: Bytes,
        github_repo: Bytes,
        image: Bytes,
        discord: Bytes,
        description: Bytes,
        additional: Bytes,
    ) -> None:
        """Present the signing coldkey, which needs a hotkey with a uid on some subnet.

        Raises: HotKeyNotRegisteredInNetwork, InvalidIdentity. Emits: ChainIdentitySet.
        """
        coldkey = origin.signed()
        if not any(self.neurons.networks_of(hotkey) for hotkey in self.accounts.owned_hotkeys[coldkey]):
            raise errors.HotKeyNotRegisteredInNetwork(coldkey)
        identity = ChainIdentity(name, url, github_repo, image, discord, description, additional)
        _check_lengths(identity, COLDKEY_LIMITS)
        counted = sum(map(len, (name, url, image, discord, description, additional)))
        if counted > COLDKEY_TOTAL:
            raise errors.InvalidIdentity(counted, COLDKEY_TOTAL)
        self.identities_v2[coldkey] = identity
        self.emit(events.ChainIdentitySet(coldkey))

    @call(index=78)
    def set_subnet_identity(
        self,
        origin: Origin,
        netuid: NetUid,
        subnet_name: Bytes,
        github_repo: Bytes,
        subnet_contact: Bytes,
        subnet_url: Bytes,
        discord: Bytes,
        description: Bytes,
        logo_url: Bytes,
        additional: Bytes,
    ) -> None:
        """Present the signer's subnet.

        Raises: NotSubnetOwner, InvalidIdentity. Emits: SubnetIdentitySet.
        """
        if origin.signed() != self.subnets.subnet_owner[netuid]:
            raise errors.NotSubnetOwner(netuid)
        self.present(
            netuid,
            SubnetIdentity(
                subnet_name,
                github_repo,
                subnet_contact,
                subnet_url,
                discord,
                description,
                logo_url,
                additional,
            ),
        )

    def present(self, netuid: int, identity: SubnetIdentity) -> None:
        """Store a subnet's identity. Raises: InvalidIdentity. Emits: SubnetIdentitySet."""
        _check_lengths(identity, SUBNET_LIMITS)
        self.subnet_identities_v3[netuid] = identity
        self.emit(events.SubnetIdentitySet(netuid))

    def move_coldkey(self, old: bytes, new: bytes) -> None:
        """Give a coldkey's identity to another that has none."""
        if self.identities_v2[new] is None:
            self.identities_v2[new] = self.identities_v2.take(old)

    def forget_subnet(self, netuid: int) -> None:
        """Drop a subnet's identity. Emits: SubnetIdentityRemoved if it had one."""
        if self.subnet_identities_v3.take(netuid) is not None:
            self.emit(events.SubnetIdentityRemoved(netuid))


def _check_lengths(identity: ChainIdentity | SubnetIdentity, limits: dict[str, int]) -> None:
    for field, limit in limits.items():
        length = len(getattr(identity, field))
        if length > limit:
            raise errors.InvalidIdentity(field, length, limit)
