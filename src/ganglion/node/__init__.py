"""The node: the chain in a data directory, the transaction pool, the block-making engine, the RPC server."""
