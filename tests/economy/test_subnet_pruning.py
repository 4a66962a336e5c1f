from ganglion.economy.subnet_pruning import PruneCandidate, subnet_to_prune


def prune(*subnets, now=1000, immunity_period=100):
    return subnet_to_prune([PruneCandidate(*subnet) for subnet in subnets], now, immunity_period)


def test_the_lowest_price_gives_way():
    assert prune((1, 50, 1), (2, 40, 5), (3, 60, 1)) == 2


def test_of_equal_prices_the_older_gives_way():
    assert prune((1, 50, 9), (2, 50, 5), (3, 50, 5)) == 2


def test_an_immune_subnet_stays_until_its_last_immune_block():
    assert prune((1, 1, 901), (2, 50, 5)) == 2
    assert prune((1, 1, 900), (2, 50, 5)) == 1


def test_nobody_gives_way_when_all_are_immune():
    assert prune((1, 1, 950), (2, 1, 999)) is None
