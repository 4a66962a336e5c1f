"""The subnet which `ganglion neuron new` starts from."""
