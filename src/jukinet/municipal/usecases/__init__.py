"""What the municipal node does, one module per use case."""
