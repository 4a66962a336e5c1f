"""Subnets with a real task each. A package per subnet: the messages, the miners, the validators' challenges
and scores, and what an exploiter would try.
"""
