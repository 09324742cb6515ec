"""A record is rendered: one module a metadata format, one registry, and the schemas that every rendition must pass."""
