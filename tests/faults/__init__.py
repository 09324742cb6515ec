"""One test for each fault of a machine or a database: it really happens, and the feed is none the worse."""
