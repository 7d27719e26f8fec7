"""Real TLS on loopback, real certificates."""
