"""The names under which OME speaks of models and of what it creates, against OME's own."""

from typing import Any

from ome_backend.resources import object_names
from ome_backend.resources.agent_entry import config_map_entry, node_label, truncated
from ome_backend.resources.kind import Key
from tests.matching.vectors import Comparison, cases


def test_names_are_those_ome_gives() -> None:
    comparison = Comparison("oracle-names")
    for case in cases("oracle-names"):
        ours = names(case["namespace"], case["name"])
        for what, expected in case["expected"].items():
            comparison.same(case["name"], what, ours[what], expected)
    comparison.conclude(at_least=790)


def names(namespace: str, name: str) -> dict[str, Any]:
    model, cluster_wide = Key(namespace, name), Key("", name)
    return {
        "baseModelLabel": node_label(model),
        "clusterBaseModelLabel": node_label(cluster_wide),
        "key": config_map_entry(model),
        "clusterKey": config_map_entry(cluster_wide),
        "engineService": object_names.component(name, "engine"),
        "decoderService": object_names.component(name, "decoder"),
        "routerService": object_names.component(name, "router"),
        "lwsName": object_names.leader_worker_set(name),
        "modelConfigName": object_names.model_config(name),
        "truncate63": object_names.shortened(name),
    }


def test_a_name_that_fits_is_kept_and_a_longer_one_keeps_its_end() -> None:
    assert truncated("a" * 32, 32) == "a" * 32
    short = truncated("a-long-beginning-and-the-end-of-its-name", 32)
    assert (len(short), short[8:]) == (32, "-and-the-end-of-its-name")


def test_room_for_nothing_but_the_hash_gives_the_hash() -> None:
    assert len(truncated("a-long-namespace", 8)) == 8
    assert truncated("a-long-namespace", 9) == truncated("a-long-namespace", 8)[:8]


def test_a_shortened_name_begins_with_a_letter() -> None:
    made = [object_names.shortened(f"{'x' * 70}-{number}") for number in range(50)]
    assert all(name[0].isalpha() and len(name) == 63 for name in made)
