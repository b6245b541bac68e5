"""Pages that exist only in the demo and in tests."""
