"""Screens that the prefectural and the national server share: their state, and settling what is in quarantine."""
