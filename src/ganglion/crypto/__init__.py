"""Hashes, keys, signatures and addresses: thin over hashlib, xxhash, bittensor-core and sr25519."""
