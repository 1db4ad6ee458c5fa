"""The controllers of the simulated cluster: OME's own, and those of Kubernetes they lean on."""
