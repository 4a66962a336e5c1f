import re

import httpx
import pytest

from ganglion.neuron.metrics_page import metrics_served
from ganglion.neuron.protocols import Endpoint


async def test_figures_are_told_on_a_port_of_their_own_while_it_lasts(caplog):
    caplog.set_level("INFO")
    async with httpx.AsyncClient(trust_env=False) as http:
        async with metrics_served(Endpoint("127.0.0.1", 0), lambda: b"figure 1\n"):
            url = re.search(r"url=(\S+)", caplog.text)[1]
            answer = await http.get(url)
            assert (answer.status_code, answer.text) == (200, "figure 1\n")
            assert answer.headers["Content-Type"].startswith("text/plain")
        with pytest.raises(httpx.ConnectError):
            await http.get(url)


async def test_without_a_place_nothing_is_served(caplog):
    caplog.set_level("INFO")
    async with metrics_served(None, lambda: b""):
        assert caplog.text == ""
