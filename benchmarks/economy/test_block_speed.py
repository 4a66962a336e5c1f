"""How long does a block take with 1, 16 and 128 active subnets of 256 uids? Root and commit included.

Blocks have no transactions; one in three has an epoch when there are 128 subnets of tempo 360. `day.py` says
where the time goes. On a busy machine add `--benchmark-timer=time.process_time`.
"""

import pytest
from economy_world import Size, first_block

from ganglion.node.chain import Chain
from ganglion.runtime import runtime
from ganglion.state.memory import MemoryStore


@pytest.mark.parametrize("subnets", [1, 16, 128])
def test_a_block_with_active_subnets(benchmark, subnets):
    chain = Chain.open(runtime(), first_block(Size(subnets, uids=256)), MemoryStore())
    benchmark.pedantic(lambda: chain.produce((), 0), rounds=30, warmup_rounds=3)
