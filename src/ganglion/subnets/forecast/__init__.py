"""Prediction: miners continue time series, by a point and quantiles for every step ahead.

Validators send windows of public series, disguised so that nobody can look them up, and windows of the
chain's own alpha prices, whose continuation nobody knows yet; they pay what a forecast is better than the
naive one. `task` has the messages, `series` and `disguise` the questions, `prices` the live ones, `loss` and
`scorer` what an answer is worth, `models`, `network` and `cheats` what answers.
"""
