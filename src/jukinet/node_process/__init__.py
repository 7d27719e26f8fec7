"""What every node process does, whatever its kind: read its configuration, open what it needs, serve, stop."""
