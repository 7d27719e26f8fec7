"""Screens of the national operators (全国サーバの画面)."""
