"""Delivery between nodes: transactional outbox, inbox that refuses replays, courier, quarantine (docs/delivery.md)."""
