"""The changes that the management role may make for the customer: planned, worded, compared."""
