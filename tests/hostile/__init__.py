"""Sources that mean harm: what they say (`cases`), and the real command run against them (`arena`)."""
