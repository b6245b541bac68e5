"""Parsers of what people type.

Each takes one piece of text and returns its canonical form, or raises `Refused` with a sentence that says
what is wrong and what would be right. Nothing here looks anything up: what the account really has is judged
by the checks.
"""
