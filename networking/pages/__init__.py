"""One context for each page and fragment of the networking app."""
