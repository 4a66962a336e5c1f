"""The chain replicated over many machines by CometBFT, whose application this package is.

CometBFT is a process of its own beside each node. It agrees with its peers on the order of blocks and calls
the node over a Unix socket (ABCI 2.0): to propose a block, to judge another's, to execute the one decided, to
pass transactions on. The runtime, the pool and the RPC are those of every other engine.
"""
