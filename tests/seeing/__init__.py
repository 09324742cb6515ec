"""What deploy/ has for those who watch a service, held against their tools and against what the service tells."""
