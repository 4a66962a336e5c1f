from ganglion.pallets.subtensor.tao_flows import TaoFlows


def test_flows_add_up_and_may_be_negative(chain):
    flows = chain[TaoFlows]
    flows.note(1, 5)
    flows.note(1, -7)
    flows.note_protocol(1, 3)
    assert flows.subnet_tao_flow[1] == -2
    assert flows.subnet_protocol_flow[1] == 3


def test_flows_stop_at_the_ends_of_their_type(chain):
    flows = chain[TaoFlows]
    flows.note(1, 2**63)
    flows.note_protocol(1, -(2**64))
    assert flows.subnet_tao_flow[1] == 2**63 - 1
    assert flows.subnet_protocol_flow[1] == -(2**63)
