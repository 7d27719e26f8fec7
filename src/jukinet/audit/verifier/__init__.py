"""Checks what a log proves, for anybody, offline.

It shares no code with what writes the log: only the documented forms of docs/use-log.md, RFC 9162 and X.509.
`verifier.html` beside it checks the same files in a browser.
"""
