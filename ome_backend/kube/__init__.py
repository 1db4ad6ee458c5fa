"""The Kubernetes API server: access, verbs, watches, the cache. Alone imports `kubernetes`."""
