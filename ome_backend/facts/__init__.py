"""What OME derives from a model's files and addresses, computed without OME."""

from ome_backend.facts.derived import derived_spec
from ome_backend.facts.description import ModelFacts, describe, describe_pipeline
from ome_backend.facts.failure import Failure

__all__ = ["Failure", "ModelFacts", "derived_spec", "describe", "describe_pipeline"]
