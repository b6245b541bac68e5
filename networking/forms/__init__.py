"""What people type and pick on the networking pages: format only."""
