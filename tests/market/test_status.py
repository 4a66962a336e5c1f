"""What everybody may see of a market."""

from html.parser import HTMLParser

from ganglion.neuron.client import Fault
from market_on_loopback import Speaker

HELLO = [{"role": "user", "content": "Hello"}]


class Tags(HTMLParser):
    """Attributes which load something, and whether all that opens is closed."""

    def __init__(self):
        super().__init__()
        self.loaded, self.depth = [], 0

    def handle_starttag(self, tag, attributes):
        self.loaded += [value for name, value in attributes if name in {"src", "href"}]
        self.depth += tag not in {"meta"}

    def handle_endtag(self, tag):
        self.depth -= 1


async def test_the_page_shows_models_miners_and_prices_and_loads_nothing(town):
    neuron = await town.miner(Speaker("Hello"), incentive=0.75)
    await town.customer().chat.completions.create(model="ganglion/text", messages=HELLO)
    response = await town.http().get("/")
    assert response.headers["Content-Type"].startswith("text/html")
    for shown in (
        "ganglion/text",
        "netuid 1",
        neuron.hotkey,
        "0.750",
        "0.0002 TAO / 1000 tokens in",
        "serves",
    ):
        assert shown in response.text
    assert "Nobody serves this now." in response.text  # the other two models
    tags = Tags()
    tags.feed(response.text)
    assert (tags.loaded, tags.depth) == ([], 0)


async def test_the_page_shows_who_rests_and_why(town):
    neuron = await town.miner(Speaker("Hello"))
    town.records().of(neuron.hotkey).failed_by(Fault.UNSIGNED, town.clock.monotonic() + 60)
    assert "rests, unsigned" in (await town.http().get("/")).text


async def test_names_in_the_page_are_text_and_never_markup(town):
    town.chain.publish("text", "<script>alert(1)</script>", None)
    town.chain.publish("text", "<b>'\"&", (await town.miner(Speaker("Hello"))).axon)
    await town.look()
    page = (await town.http().get("/")).text
    assert "<b>" not in page
    assert "<script" not in page


async def test_health_tells_how_many_miners_each_model_has(town):
    client = town.http()
    assert (await client.get("/health")).json()["status"] == "waiting"
    await town.miner(Speaker("Hello"))
    health = (await client.get("/health")).json()
    assert health["status"] == "ok"
    assert health["miners"] == {"ganglion/text": 1, "ganglion/vision": 0, "ganglion/forecast": 0}


async def test_metrics_count_sales_and_faults_by_model(town):
    await town.miner(Speaker("Hello"))
    await town.customer().chat.completions.create(model="ganglion/text", messages=HELLO)
    page = (await town.http().get("/metrics")).text
    for line in (
        'ganglion_market_units_total{direction="out",model="ganglion/text"} 2.0',
        'ganglion_market_asked_total{model="ganglion/text"} 1.0',
        'ganglion_market_seconds_count{model="ganglion/text"} 1.0',
        'ganglion_market_miners{model="ganglion/text"} 1.0',
        'ganglion_market_requests_total{outcome="200"} 1.0',
    ):
        assert line in page
