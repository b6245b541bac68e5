"""The customer's own network: an existing VPC, and later peering, private endpoints and network boundaries.

It may import `onboarding` and everything below; nothing but the composition root imports it. What onboarding needs of
it it reaches through `onboarding/ports.py`, where this app registers itself when it is ready.
"""
