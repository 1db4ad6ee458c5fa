"""What OME's controllers make of an InferenceService or a BenchmarkJob, decided without a cluster."""
