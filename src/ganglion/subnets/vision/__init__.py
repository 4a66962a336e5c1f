"""Image classification: miners tell which digit a small grey image shows.

Validators send freshly distorted images of handwritten digits, half of them different ones to each miner, and
pay accuracy above chance. `task` has the messages, `data` the images, `models`, `miners` and `cheats` what
answers, `scorer` what is asked and what an answer is worth; `package` is what `ganglion neuron` runs.
"""
