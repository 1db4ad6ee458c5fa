"""OME's kinds as data, and typed read-only views over the raw objects of the API server."""
