"""The journey's pages, one module per step."""
