"""It is kept: tables, the one writer of what is served, the feed that is read, and the ledger of runs."""
