import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from ganglion.economy.tao_flow import flow_average
from ganglion.fixed import I64F64

flows = st.integers(-21 * 10**15, 21 * 10**15)


@pytest.mark.vectors("e_subnet_emission", "flow_average_unused")
def test_averages_match(given, expected):
    assert flow_average(given["average_x64"], given["flow"], given["factor"]) == expected["average_x64"]


@draw(flows, flows, st.integers(0, 2**63 - 1))
def test_the_average_stays_between_itself_and_the_flow(average, flow, factor):
    after = I64F64.floor(flow_average(I64F64.from_int(average), flow, factor))
    assert min(average, flow) - 1 <= after <= max(average, flow)
