"""What a person sees of a run, on a terminal and in a pipe."""

import io

import pytest
from rich.console import Console

from ganglion.cli.up.cast import DEFAULT_MINERS, parts_of
from ganglion.cli.up.display import display, headline, table, verdict
from ganglion.cli.up.ranking import rankings
from ganglion.cli.up.standing import NeuronStanding, Standing
from ganglion.subnets.registry import subnet

TAO = 10**9


@pytest.fixture
def standing() -> Standing:
    """Three subnets with the default neurons; the exploiters of text have earned too much."""
    neurons = [
        NeuronStanding(
            part=part,
            netuid=netuid,
            uid=uid,
            quality=None if part.kind == "validator" else 0.9 / uid,
            incentive=0.5,
            dividends=0.25,
            earned_alpha_rao=(0 if part.is_exploiter and name != "text" else 100 // uid) * TAO,
            earned_rao=150 * TAO,
        )
        for netuid, name in enumerate(DEFAULT_MINERS, 2)
        for uid, part in enumerate(parts_of(subnet(name), DEFAULT_MINERS[name], 2, seed=1), 1)
    ]
    return Standing(block=123, issuance=3_012_111 * TAO, block_reward=TAO, neurons=tuple(neurons))


def test_the_default_network_fits_a_terminal_of_24_by_80(standing: Standing) -> None:
    console = Console(width=80, height=24, file=io.StringIO())
    console.print(headline(standing), table(standing.neurons))
    text = console.file.getvalue()
    assert len(text.splitlines()) < 24
    assert "…" not in text
    assert all(neuron.part.kind in text for neuron in standing.neurons)


def test_in_a_pipe_each_step_and_each_block_is_one_line(standing: Standing) -> None:
    console = Console(width=80, file=io.StringIO())
    with display(console) as shown:
        shown.say("start vision: done")
        shown.show(standing)
    step, block = console.file.getvalue().splitlines()
    assert step == "start vision: done"
    assert block.startswith(
        "block=123 issuance=3,012,111.0000 reward=1.0000 earned vision/1:validator=150.0000"
    )
    assert "forecast/6:naive=150.0000" in block


def test_the_verdict_names_each_exploiter_and_whether_it_stays_below_the_bound(standing: Standing) -> None:
    vision, text, forecast = (str(verdict(ranking)) for ranking in rankings(standing))
    assert "vision-6-guess earned 0.0% of the median honest miner (below 5%)" in vision
    assert "vision-7-copier" in vision
    assert "(NOT BELOW 5%)" in text
    assert "Spearman of earnings with the models' order 1.00" in forecast
