"""What miners and validators are made of: signed HTTP, chain access, scoring, weights and the two loops.

Everything here reaches the world through three Protocols (`Chain`, `Transport`, `Clock` in `protocols`).
The real ones live in `chain`, `transport` and `clock`; the official SDK is imported by `chain`, `auth` and
`keys` only.
"""
