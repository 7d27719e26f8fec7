"""The prefectural node's own tables."""
