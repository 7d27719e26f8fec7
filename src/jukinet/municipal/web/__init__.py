"""Screens of the municipality's clerks (市区町村の画面)."""
