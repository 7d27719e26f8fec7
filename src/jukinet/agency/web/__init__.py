"""Screens of an organ's officials (利用機関の画面)."""
