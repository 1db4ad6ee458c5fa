"""Changing objects safely: what differs, who owns it, what is left out, and in which order. Pure."""
