"""The customer's own network: an existing VPC, peering, private endpoints and network boundaries.

Nothing of it is here yet. It will hold: rules and checks of a customer-managed VPC and the step that validates one; the
six steps of a peering and what undoes them; the private host name; the table of network flows with what each customer's
choices make of it. It may import `onboarding` and everything below; nothing but the composition root imports it.
"""
