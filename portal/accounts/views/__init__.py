"""Views of people, invitations and errors, one module per page."""
