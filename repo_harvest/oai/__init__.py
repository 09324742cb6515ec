"""It is served: a request's arguments in, the bytes of an OAI-PMH 2.0 answer out."""
