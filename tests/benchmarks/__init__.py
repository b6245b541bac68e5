"""Benchmarks: `make bench`. They print ratios and sizes beside their limits; they are not tests, and fail nothing."""
