"""Random calls of every kind on the whole runtime, for a property test and for a soak.

A *kind* is a call of the runtime. Its arguments are drawn by their names and types (`arguments`), so a call
that is added later is a kind by itself; calls that random arguments would never satisfy have a *purpose*
besides, which looks the state up and aims at success (`purposes`). Everything follows from a seed.
"""
