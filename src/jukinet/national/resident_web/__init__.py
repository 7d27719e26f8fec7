"""The page where residents see, about themselves, what the network did (本人用ページ)."""
