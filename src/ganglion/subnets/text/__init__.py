"""Text generation: miners continue the beginning of a text.

Validators take prompts from a private split which rotates, the same for all miners of a round, and pay
continuations by several measures together: how common the words are, how well they fit their context and the
prompt, and whether they are the miner's own. `task` has the messages, `corpus` the texts, `models` and
`cheats` what answers in the bundled miners, `transformers` and `upstream` the operators' own models; `scorer`
says what an answer is worth.
"""
