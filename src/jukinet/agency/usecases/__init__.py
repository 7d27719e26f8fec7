"""What the agency node does, one module per use case."""
