from ganglion.neuron.report import WeightsSet


async def test_weights_go_to_the_chain_with_its_version_key(validator, subnet, alice, events):
    await validator().step()
    weights = subnet.weights[alice.ss58_address]
    assert (weights.uids, weights.values, subnet.version_keys) == ((1,), (65535,), [7])
    assert isinstance(events.seen[-1], WeightsSet)


async def test_a_score_not_worth_paying_earns_no_weight_though_nobody_is_better(validator, subnet, alice):
    await validator(least_score=0.6).step()
    assert alice.ss58_address not in subnet.weights


async def test_refused_weights_keep_the_scores_and_are_tried_again(validator, subnet, alice):
    loop = validator()
    subnet.refusal = "NotEnoughStakeToSetWeights"
    await loop.step()
    assert loop.state.weights_block is None
    subnet.refusal = None
    await loop.step()
    assert alice.ss58_address in subnet.weights


async def test_weights_are_set_once_per_epoch(validator, subnet):
    loop = validator()
    for block, last_step in ((100, 90), (101, 90), (109, 90), (112, 110), (113, 110)):
        subnet.block, subnet.last_step = block, last_step
        await loop.step()
    assert len(subnet.version_keys) == 2
