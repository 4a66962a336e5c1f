"""Write the wallets of the development accounts: coldkey `//Name`, hotkey `//Name//default`.

make_wallets.py DIRECTORY
"""

import json
import sys

from bittensor import Wallet
from bittensor.keyfiles import Keypair


def write(directory: str, name: str) -> dict[str, str]:
    wallet = Wallet(name, "default", directory)
    coldkey = Keypair.create_from_uri(f"//{name.capitalize()}")
    hotkey = Keypair.create_from_uri(f"//{name.capitalize()}//default")
    wallet.coldkey_file.set_keypair(coldkey, encrypt=False)
    wallet.regenerate_coldkeypub(ss58_address=coldkey.ss58_address)
    wallet.hotkey_file.set_keypair(hotkey, encrypt=False)
    wallet.regenerate_hotkeypub(ss58_address=hotkey.ss58_address)
    return {"coldkey": coldkey.ss58_address, "hotkey": hotkey.ss58_address}


if __name__ == "__main__":
    names = ("alice", "bob", "charlie", "dave", "eve", "ferdie")
    sys.stdout.write(json.dumps({name: write(sys.argv[1], name) for name in names}) + "\n")
