"""Images that cannot be pulled: OME's status says `Initializing` as long as that lasts."""

from collections.abc import Iterator
from typing import NamedTuple

from ome_backend.editing import commands
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import text
from ome_backend.resources.pod import Container, Pod
from ome_backend.resources.runtime import Runtime
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

NOT_PULLED = ("ImagePullBackOff", "ErrImagePull", "InvalidImageName")
_RUNNERS = (("runner",), ("leader", "runner"), ("worker", "runner"))
_IMAGE = ("image",)


class _Named(NamedTuple):
    """Where a service names an image, and the one that could stand there instead: None where none is known,
    empty where the runtime's own would do."""

    path: tuple[str, ...]
    instead: str | None
    why: str


def not_pulled(cluster: Cluster) -> Iterator[DoctorFinding]:
    """One finding for each image of a service; only the pods and the deployment say what is wrong."""
    for service in cluster.services:
        pods = cluster.pods_by_service.get(service.key, ())
        for pod, container in {each.image: (pod, each) for pod, each in _failing(pods)}.values():
            yield from _reported(service, cluster.runtime_of(service), pods, pod, container)


def _failing(pods: tuple[Pod, ...]) -> Iterator[tuple[Pod, Container]]:
    for pod in pods:
        for container in () if pod.ready or pod.ended or pod.terminating else pod.containers:
            if container.state == "waiting" and container.reason in NOT_PULLED:
                yield pod, container


def _reported(
    service: InferenceService,
    runtime: Runtime | None,
    pods: tuple[Pod, ...],
    pod: Pod,
    container: Container,
) -> Iterator[DoctorFinding]:
    """Nothing where neither service nor runtime names the image any more: that pod is on its way out."""
    named = _in_service(service, runtime, pods, pod, container)
    if named is not None:
        yield _of_service(service, named, pod, container)
    elif runtime is not None and _in_runtime(runtime, pod, container):
        yield _of_runtime(service, runtime, pod, container)


def _in_service(
    service: InferenceService,
    runtime: Runtime | None,
    pods: tuple[Pod, ...],
    pod: Pod,
    container: Container,
) -> _Named | None:
    for runner in _RUNNERS:
        path = ("spec", pod.component, *runner, *_IMAGE)
        if text(service.raw, *path) != container.image:
            continue
        running = _running(pods, pod, container)
        if running:
            return _Named(path, running, "which its ready pod runs")
        base = ("spec", f"{pod.component}Config", *runner, *_IMAGE)
        own = text(runtime.raw, *base) if runtime is not None else ""
        if own and own != container.image:
            return _Named(path, "", f"so that the runtime's own, {own}, counts")
        return _Named(path, None, "")
    return None


def _running(pods: tuple[Pod, ...], failing: Pod, container: Container) -> str:
    """The image of the same container in a pod of the component that is ready."""
    others = (pod for pod in pods if pod.ready and pod.component == failing.component)
    images = (
        each.image for pod in others for each in pod.containers if each.name == container.name
    )
    return next((image for image in images if image != container.image), "")


def _in_runtime(runtime: Runtime, pod: Pod, container: Container) -> bool:
    base = ("spec", f"{pod.component}Config")
    return any(text(runtime.raw, *base, *runner, *_IMAGE) == container.image for runner in _RUNNERS)


def _of_service(
    service: InferenceService, named: _Named, pod: Pod, container: Container
) -> DoctorFinding:
    field = ".".join(named.path)
    patch = (
        changes(service.ref, service.raw, (named.path, named.instead or None))
        if named.instead is not None
        else None
    )
    fix = f"Correct {field}, or give the pod's service account the right to pull it."
    if named.instead:
        fix = f"Set {field} to {named.instead}, {named.why}, or to another image that exists."
    elif patch:
        fix = f"Take {field} away, {named.why}, or name an image that exists."
    return DoctorFinding(
        "image-not-pulled",
        Severity.BROKEN,
        service.ref,
        f"The image of its {pod.component} cannot be pulled",
        f"{field}: {container.image}. {pod.key.name}: {container.message}",
        _consequence(named),
        fix,
        patch,
        commands.patch_json(service.ref, patch) if patch else "",
    )


def _consequence(named: _Named) -> str:
    if named.why.startswith("which"):
        return "The earlier pods go on serving and the change never takes effect; OME's status does not say so."
    return "It never starts; OME's status only says Initializing."


def _of_runtime(
    service: InferenceService, runtime: Runtime, pod: Pod, container: Container
) -> DoctorFinding:
    namespace, name = pod.key
    return DoctorFinding(
        "image-not-pulled",
        Severity.BROKEN,
        service.ref,
        f"The image of its {pod.component} cannot be pulled",
        f"{runtime.key} names {container.image}. {name}: {container.message}",
        "It never starts, like every other service on this runtime; OME's status only says Initializing.",
        f"Correct the image in {runtime.key}, or give the pod's service account the right to pull it.",
        command=commands.describe(Ref(kinds.POD, Key(namespace, name))),
        also=(runtime.ref,),
    )
