"""What a person does: find out how things are, choose, deploy, and understand what went wrong."""
