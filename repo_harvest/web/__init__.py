"""It is seen: the routes, and the pages for people."""
