"""What does a transfer cost on its way through the runtime? Each benchmark takes 1,000 of them.

To compare with: the signature check alone takes about 50 us on such a machine, and 2,000 transfers a second
leave 500 us for one, state root, disk and network included.
"""

from ganglion.frame.metadata import metadata_v15
from ganglion.pallets.system import System
from ganglion.runtime import runtime


def test_1000_extrinsics_decoded(benchmark, codec, transfers):
    benchmark(lambda: [codec.decode(raw) for raw in transfers])


def test_1000_signatures_checked(benchmark, codec, executive, transfers):
    extrinsics = [codec.decode(raw) for raw in transfers]
    benchmark.pedantic(lambda: [executive.check(extrinsic) for extrinsic in extrinsics], rounds=5)


def test_1000_transfers_validated_for_the_pool(benchmark, codec, executive, transfers):
    checked = [executive.check(codec.decode(raw)) for raw in transfers]
    benchmark(lambda: [executive.validate(transfer) for transfer in checked])


def test_1000_transfers_applied(benchmark, codec, executive, transfers):
    checked = [executive.check(codec.decode(raw)) for raw in transfers]
    state = executive.world.state

    def begin():
        state.begin()

    def apply():
        for transfer in checked:
            executive.apply(transfer)

    def undo(*_):
        state.rollback()
        executive.world.events.clear()

    benchmark.pedantic(apply, setup=begin, teardown=undo, rounds=10)


def test_a_block_of_1000_transfers_closed(benchmark, codec, executive, transfers):
    for raw in transfers:
        executive.apply(executive.check(codec.decode(raw)))

    def close():
        executive.world[System].close_block()
        return executive.world.state.changes()

    benchmark.pedantic(close, rounds=5)


def test_metadata_of_the_whole_runtime(benchmark):
    benchmark(metadata_v15, runtime())
