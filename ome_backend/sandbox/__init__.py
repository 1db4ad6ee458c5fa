"""The embedded cluster that answers when there is no other: a small Kubernetes API server."""
