"""The five-fact request: what is known of a VPC, and the text that support gets."""
