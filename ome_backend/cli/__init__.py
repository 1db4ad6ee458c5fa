"""The command line for pipelines: what the console knows, over files or a cluster, as text and JSON."""
