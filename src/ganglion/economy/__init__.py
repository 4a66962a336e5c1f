"""The mathematics of Bittensor's economy: exact functions of integers, knowing no storage.

Terms: *rao* is 10**-9 TAO; *alpha-rao* is 10**-9 of a subnet's own currency; a name ending in `_u16` or
`_u64` holds a fraction in parts of 2**16 - 1 or 2**64 - 1; a raw fixed-point number is an int and its name
or docstring gives the format. Amounts are u64. The order of operations is part of every rule, because each
step rounds.

A block calls, in this order: `registration_cost` (decay), `emission` (mint), `subnet_shares` and
`injection` (TAO to pools), `payout.split_block` (alpha to pots), `schedule` (which epochs run) and for each
of them `stake_weight`, `parent_share`, `payout.distribute_pots`, `share_pool` and `root_claim`; then
`prices` and the root proportion; last the automatic claims. Calls of users come after that.

Source: subtensor, spec 425.
"""
