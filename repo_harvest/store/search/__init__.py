"""The search of the collection: `words` are what is compared, `question` what people type, `keep` writes, `results` reads."""
