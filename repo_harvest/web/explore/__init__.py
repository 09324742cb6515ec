"""A request of OAI-PMH that a person makes in, a page that shows its answer out."""
