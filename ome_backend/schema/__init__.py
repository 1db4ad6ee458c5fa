"""The shape of OME's objects: schemas, the API server's validation, YAML with line numbers."""
