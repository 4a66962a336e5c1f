"""Made-up subnets of a given size, the same for the same seed."""

import numpy as np

from ganglion.yuma import EpochInput, Hyperparameters, Rows

BLOCK = 1_000_000
# The chain's own Rust epoch with 64 validators: (Yuma 3 with liquid alpha, uids, uids scored) -> ms.
RUST_MS = {
    (False, 256, 256): 2.3,
    (False, 1024, 1024): 10,
    (False, 4096, 4096): 47,
    (False, 4096, 512): 14,
    (True, 256, 256): 21,
    (True, 1024, 1024): 330,
    (True, 4096, 4096): 5075,
    (True, 4096, 512): 14,
}


def random_epoch(
    *, validators: int, uids: int, scored: int, same: bool = False, yuma3: bool = False, seed: int = 1
) -> EpochInput:
    """`validators` of `uids` neurons score `scored` others each and hold bonds in the same ones.

    With `same` all validators score the same uids; else each its own, and what fewer than half of
    the stake score has no consensus weight. Scores agree up to noise, as in a real subnet: a common
    quality per uid times a random factor. Yuma 3 comes with liquid alpha.
    """
    rng = np.random.default_rng(seed)
    quality = rng.gamma(0.5, size=uids)
    targets = [np.sort(rng.choice(uids, scored, replace=False)) for _ in range(1 if same else validators)]
    targets *= validators // len(targets)
    starts = np.minimum(np.arange(uids + 1), validators).astype(np.int64) * scored
    chosen = np.concatenate(targets).astype(np.uint16)
    weights = (quality[chosen] * rng.uniform(0.5, 1.5, len(chosen))).reshape(validators, scored)
    upscaled = np.rint(weights / weights.max(axis=1, keepdims=True) * 65535).astype(np.uint16).ravel()
    bonds = rng.integers(1, 65536, len(chosen)).astype(np.uint16)
    stake = [
        int(rao) << 64 if uid < validators else 0 for uid, rao in enumerate(rng.integers(1, 10**15, uids))
    ]
    settings = Hyperparameters(
        tempo=360,
        activity_cutoff=5000,
        stake_threshold=0,
        max_allowed_validators=validators,
        kappa=32767,
        bonds_penalty=65535,
        bonds_moving_average=900_000,
        yuma3=yuma3,
        liquid_alpha=yuma3,
    )
    return EpochInput(
        n=uids,
        current_block=BLOCK,
        last_step_block=BLOCK - 361,
        rao_emission=148_000_000_000,
        hyperparameters=settings,
        stake=stake,
        last_update=np.full(uids, BLOCK - 100, dtype=np.uint64),
        block_at_registration=np.full(uids, 1000, dtype=np.uint64),
        validator_permit=np.arange(uids) < validators,
        weights=Rows(starts, chosen, upscaled),
        bonds=Rows(starts, chosen, bonds),
    )
