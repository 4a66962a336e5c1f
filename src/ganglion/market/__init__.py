"""The market: the gateway where applications buy what miners make, with OpenAI's interface.

A request passes the door (key, limits), becomes a task's request, is put to the best miners by a broker, and
is metered: `door` -> `text_api` or `task_api` -> `broker` -> `ledger`.
"""
