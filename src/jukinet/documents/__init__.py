"""Printed documents: sheets as data, drawn with Typst, signed, with a code to verify them."""
