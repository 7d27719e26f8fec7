"""Screens for people (統合端末の画面): accounts, sessions, layout, and the edge where errors become Japanese."""
