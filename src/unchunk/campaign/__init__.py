"""Campaigns: `fix` across many repositories, with a ledger that survives whatever happens on the way.

    source (path or URL) ── process() ──> Record ──> Ledger ──> report, pull request texts, pushed branches

- `repository.process` does one repository and knows nothing of the others.
- `isolation` does that in a process of its own, with limits; `executors` decide where: here, or on a cluster.
- `driver` hands out what is left to do and keeps each record in the `ledger` as it comes.
"""
