"""Images and series through the market."""

import base64

import numpy as np
import pytest
from aiohttp import web

from ganglion.neuron.auth import SIGNATURE_HEADER
from ganglion.neuron.client import Fault
from ganglion.neuron.signature import HEADER, sign_answer
from ganglion.subnets.vision.data import learning_digits

SERIES = [float(n % 7) for n in range(40)]


@pytest.fixture(scope="module")
def images():
    return learning_digits().images[:5]


async def posted(town, path, body):
    return await town.http(town.key()).post(path, json=body, timeout=20)


@pytest.mark.parametrize(
    "form",
    [
        lambda images: base64.b64encode(images.tobytes()).decode(),
        lambda images: images.tolist(),
        lambda images: images.reshape(-1, 8, 8).tolist(),
    ],
    ids=["base64", "64", "8 x 8"],
)
async def test_images_get_their_labels_in_every_form(town, images, form):
    neuron = await town.vision()
    answer = await posted(town, "/v1/classify", {"images": form(images)})
    told = answer.json()
    assert (len(told["labels"]), told["usage"], told["model"]) == (5, {"images": 5}, "ganglion/vision")
    assert answer.headers["x-ganglion-hotkey"] == neuron.hotkey
    (use,) = town.ledger.uses(limit=2)
    assert (use.outcome, use.units_in, use.units_out) == ("ok", 5, 5)
    assert use.price_rao == 250  # 50,000 rao for a thousand


@pytest.mark.parametrize(
    "images",
    [
        7,
        [],
        "",
        "not base64",
        base64.b64encode(b"short").decode(),
        [[0] * 63],
        [[0] * 64, [0] * 63],
        [[17] * 64],
        [[-1] * 64],
        [[0.5] * 64],
        [[True] * 64],
        [["0"] * 64],
        [[10**30] * 64],
        [[[[0]]]],
        [[0] * 64] * 513,
    ],
    ids=str,
)
async def test_what_is_no_image_is_refused(town, images):
    answer = await posted(town, "/v1/classify", {"images": images})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"].split(".")[0] == "images"


async def test_a_miner_which_labels_fewer_images_than_asked_has_not_answered(town, images):
    async def two(request, hotkey):
        body = b'{"labels": [1, 2]}'
        signature = sign_answer(hotkey, request.headers[SIGNATURE_HEADER], 200, body)
        return web.Response(body=body, headers={HEADER: signature})

    short = await town.peer(two, "vision", incentive=1.0)
    honest = await town.vision(incentive=0.1)
    answer = await posted(town, "/v1/classify", {"images": images.tolist()})
    assert answer.headers["x-ganglion-hotkey"] == honest.hotkey
    assert town.records("vision").of(short.hotkey).last_fault is Fault.MALFORMED


async def test_a_series_gets_points_and_quantiles(town):
    await town.forecast()
    wanted = {"history": SERIES, "horizon": 3, "quantiles": [0.25, 0.75]}
    answer = (await posted(town, "/v1/forecast", wanted)).json()
    assert np.shape(answer["points"]) == (3,)
    assert np.shape(answer["quantiles"]) == (3, 2)
    assert (answer["levels"], answer["usage"]) == ([0.25, 0.75], {"series": 1, "steps": 3})


async def test_several_series_get_theirs_each(town):
    await town.forecast()
    answer = (await posted(town, "/v1/forecast", {"history": [SERIES, SERIES[3:]], "horizon": 2})).json()
    assert np.shape(answer["points"]) == (2, 2)
    assert np.shape(answer["quantiles"]) == (2, 2, 3)


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"history": []}, "history"),
        ({"history": [1.0] * 7}, "history"),
        ({"history": ["1"] * 8}, "history"),
        ({"history": [1.0, [2.0]] * 8}, "history"),
        ({"history": [[1.0] * 8, 2.0]}, "history"),
        ({"history": [2e9] * 8}, "history"),
        ({"history": "1,2,3"}, "history"),
        ({"horizon": 0}, "horizon"),
        ({"horizon": 13}, "horizon"),
        ({"horizon": 2.5}, "horizon"),
        ({"quantiles": [0.9, 0.1]}, "quantiles"),
        ({"quantiles": [0.0]}, "quantiles"),
        ({"quantiles": []}, "quantiles"),
    ],
    ids=str,
)
async def test_what_is_no_series_is_refused_by_its_field(town, change, param):
    answer = await posted(town, "/v1/forecast", {"history": SERIES, "horizon": 3, **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"].split(".")[0] == param


async def test_numbers_without_an_end_are_refused(town):
    client = town.http(town.key())
    for number in (b"NaN", b"Infinity", b"1" * 400):
        body = b'{"history": [' + number + b", 1, 1, 1, 1, 1, 1, 1], " + b'"horizon": 2}'
        assert (await client.post("/v1/forecast", content=body)).status_code == 400
