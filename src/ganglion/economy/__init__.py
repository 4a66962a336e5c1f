"""The mathematics of Bittensor's economy: exact functions of integers, knowing no storage.

Terms: *rao* is 10**-9 TAO; *alpha-rao* is 10**-9 of a subnet's own currency; a name ending in `_u16` or
`_u64` holds a fraction in parts of 2**16 - 1 or 2**64 - 1; a raw fixed-point number is an int and its name
or docstring gives the format. Amounts are u64. The order of operations is part of every rule, because each
step rounds.

Source: subtensor, spec 425.
"""
