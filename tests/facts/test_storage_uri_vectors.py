"""OME's recorded readings of storage URIs, run against the console's."""

import re
from collections.abc import Callable
from typing import Any

from ome_backend.facts import storage_uri
from ome_backend.facts.failure import Failure
from ome_backend.facts.storage_schemes import SCHEMES, is_namespace
from tests.matching.vectors import Comparison, cases

Case = dict[str, Any]
Answer = Any

WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SCHEME_OF = {
    "OCI": "oci",
    "PVC": "pvc",
    "Vendor": "vendor",
    "HuggingFace": "hf",
    "S3": "s3",
    "Azure": "az",
    "GCS": "gs",
    "GitHub": "github",
    "Local": "local",
}


def components(found: storage_uri.StorageUri | Failure) -> Answer:
    return {"error": found.text} if isinstance(found, Failure) else dict(found.components)


def recorded_components(go: Case | None) -> Answer:
    """OME's names in our spelling; ObjectName is always empty there."""
    found = {name: value for name, value in (go or {}).items() if name != "ObjectName"}
    return {WORD.sub("_", name).lower(): value for name, value in found.items()}


def objects(found: storage_uri.ObjectUri | Failure) -> Answer:
    if isinstance(found, Failure):
        return {"error": found.text}
    return vars(found) | {"object_name": "", "metadata": None}


def test_omes_answers_to_storage_uris_are_ours() -> None:
    comparison = Comparison("oracle-storage-uri")
    for case in cases("oracle-storage-uri"):
        uri, expected = case["uri"], case["expected"]
        found = storage_uri.parse(uri)
        kind = "" if isinstance(found, Failure) else found.type
        known = storage_uri.scheme(uri)
        comparison.same(uri, "type", SCHEMES[known].type if known else kind, expected["type"])
        refused = (expected["validateError"] or {}).get("message", "")
        comparison.same(uri, "problem", storage_uri.problem(uri), refused)
        if expected.get("components"):
            parts = recorded_components(expected["components"])
            comparison.same(uri, "components", components(found), parts)
        failed = expected["objectURIError"]
        wanted = {"error": failed["message"]} if failed else expected["objectURI"]
        comparison.same(uri, "object", objects(storage_uri.object_uri(uri)), wanted)
    comparison.conclude(at_least=74)


def test_omes_unit_tests_of_storage_uris_pass() -> None:
    comparison = Comparison("go-storage-uri")
    for case in cases("go-storage-uri"):
        name = case["function"]
        comparison.same(case["name"], name, answer(name, case), expected_answer(name, case))
    comparison.conclude(at_least=158)


def answer(function: str, case: Case) -> Answer:
    if function == "isValidNamespace":
        return is_namespace(case["namespace"])
    if function in UNIT:
        return UNIT[function](case["uri"])
    scheme = SCHEME_OF[re.sub("Parse|Validate|StorageURI", "", function)]
    found = storage_uri.parse_as(scheme, case["uri"])
    if function.startswith("Parse"):
        return components(found)
    return found.text if isinstance(found, Failure) else ""


def expected_answer(function: str, case: Case) -> Answer:
    error = case.get("expectedError")
    if function.startswith("Validate"):
        return error or ""
    if error:
        return {"error": error}
    if function.startswith("Parse"):
        return recorded_components(case["expected"])
    return case["expected"]


def storage_type(uri: str) -> Answer:
    """The type alone: OME tells it without looking at what follows the prefix."""
    known = storage_uri.scheme(uri)
    return SCHEMES[known].type if known else {"error": storage_uri.problem(uri)}


UNIT: dict[str, Callable[[str], Answer]] = {
    "GetStorageType": storage_type,
    "ValidateStorageURI": storage_uri.problem,
    "NewObjectURI": lambda uri: objects(storage_uri.object_uri(uri)),
}
