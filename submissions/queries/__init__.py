"""All queries of the service, one module per subject; each takes a session that its caller commits."""
