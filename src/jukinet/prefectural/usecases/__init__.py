"""What the prefectural node does, one module per use case."""
