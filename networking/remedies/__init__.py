"""The fix of each failed check, four ways, with the customer's own ids, and how to take it back."""
