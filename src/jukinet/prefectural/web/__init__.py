"""Screens of the prefecture's operators (都道府県の画面)."""
