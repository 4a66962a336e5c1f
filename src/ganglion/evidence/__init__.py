"""Evidence: a validator's log of what it asked, heard, graded and set, and the audit which checks it.

`merkle` and `records` say what is kept, `log` keeps it, `server` shows it, `fetch` reads somebody else's,
`chain` what the chain has to say to it, and `audit` compares. See docs/evidence.md.
"""
