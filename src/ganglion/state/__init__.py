"""State: what the chain stores, its history, its Merkle root and its proofs.

From the bottom up: `store` (named tables of bytes, in memory or in LMDB), `trie` (the root and the nodes),
`state_db` (blocks committed one after another, views of any kept block), `overlay` (what a block being
executed has read and written so far).
"""
