"""A validator of a subnet which comes with ganglion, at work with real miners, whose evidence is kept."""

from dataclasses import dataclass

from tests.support.audited_subnet import SEED, Remembering
from tests.support.subnet_on_loopback import NETUID, Subnet

from ganglion.evidence.files import SegmentFiles
from ganglion.evidence.log import EvidenceLog
from ganglion.evidence.records import About
from ganglion.evidence.seeds import stock_seed
from ganglion.neuron.clock import SystemClock
from ganglion.neuron.keys import Hotkey
from ganglion.neuron.package import SubnetPackage
from ganglion.neuron.validator_loop import ValidatorLoop, ValidatorSettings
from ganglion.subnets.registry import subnet as package_of


@dataclass
class Worked:
    """What is left after the rounds."""

    package: SubnetPackage
    ledger: Remembering
    key: Hotkey
    files: SegmentFiles
    evidence: EvidenceLog


async def work(name, kinds, rounds, directory, ends, options=None):
    """Let a validator of the subnet `name` ask miners of `kinds` for some rounds, each with its weights."""
    package = package_of(name)
    subnet = Subnet(package, directory / "wallets", ends)
    subnet.ledger = ledger = Remembering()
    for kind in kinds:
        await subnet.miner(kind)
    key = subnet.key("validator")
    ledger.register(key.ss58_address, permit=True)
    made = package.make_validator(stock_seed(SEED), options or {})
    settings = ValidatorSettings()
    about = About(
        hotkey=key.ss58_address,
        netuid=NETUID,
        subnet=name,
        options=options or {},
        alpha=settings.alpha,
        least_score=settings.least_score,
        private=stock_seed(SEED) if made.open_draws else None,
    )
    files = SegmentFiles(directory / "evidence")
    evidence = EvidenceLog(files, key, about, seed=SEED, discloses_at=made.discloses_at, keep=rounds)
    loop = ValidatorLoop(
        made,
        netuid=NETUID,
        hotkey=key.ss58_address,
        chain=ledger.of(key.ss58_address),
        client=subnet.client(key),
        clock=SystemClock(),
        reporter=subnet.events,
        seed=SEED,
        checkpoint=directory / "state.json",
        settings=settings,
        round_log=evidence,
    )
    await subnet.sync()
    await subnet.sync()
    await made.start()
    for _ in range(rounds):
        await loop.step()
    return Worked(package, ledger, key, files, evidence)
