"""The connection of an existing resident system (既存住基システム): changes in, notices upward, checks both ways."""
