"""Facts files: what a read-only script prints in the customer's own shell, and how it is read."""
