"""Substrate's JSON-RPC over WebSocket and HTTP: one small file for each family of methods."""
