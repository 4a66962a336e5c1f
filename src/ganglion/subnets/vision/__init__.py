"""Image classification: miners tell which digit a small grey image shows.

Validators send freshly distorted images of handwritten digits, different ones to each miner, and pay
accuracy above chance. `task` has the messages, `data` the images, `models` and `cheats` what answers,
`scorer` what an answer is worth; `miner` and `validator` are the processes.
"""
