"""OME's admission webhooks: what they fill in and what they refuse, in their own words."""
