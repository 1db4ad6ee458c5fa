"""What to know of a repository before it is imported: each a sentence, the gravest first."""

from collections.abc import Iterable, Iterator

from ome_backend.facts import Failure, ModelFacts
from ome_backend.hub.answers import Repository
from ome_backend.services.hub_checkpoint import Contents, parsed
from ome_backend.services.hub_models import Standing
from ome_backend.services.importing import Place

_WEIGHTS = {
    "pickle": (".bin", ".pt", ".pth", ".ckpt"),
    "GGUF": (".gguf",),
    "ONNX": (".onnx",),
}
_QUANTIZED = "quantization_config"


def warnings(
    repository: Repository, contents: Contents, standing: Standing, places: Iterable[Place] = ()
) -> tuple[str, ...]:
    """All that stands in the way of serving it, or that a person should know."""
    return (
        *_access(repository, contents),
        *_configuration(contents, standing),
        *_weights(repository),
        *_serving(standing),
        *_disk(repository, places),
        *_code(repository, contents),
        *_licence(repository),
    )


def _access(repository: Repository, contents: Contents) -> Iterator[str]:
    if repository.moved_to:
        yield f"It is called {repository.moved_to} by now. The old name leads there as long as the Hub wants."
    if repository.disabled:
        yield "The Hub has closed this repository: nothing can be downloaded."
    if repository.gated:
        who = "its authors grant" if repository.gated == "manual" else "accepting its terms gives"
        yield f"It is gated: {who} access, and OME's agent needs a token of somebody who has it."
    elif repository.private:
        yield "It is private: OME's agent needs a token of somebody who may read it."
    if contents.failure is not None and not repository.gated:
        yield f"Its configuration cannot be read. {contents.failure.message}"


def _configuration(contents: Contents, standing: Standing) -> Iterator[str]:
    found = standing.facts
    if isinstance(found, Failure):
        what = "crashes on" if found.crash else "cannot read"
        yield (
            f"OME's agent {what} its configuration ({found.text}). The model becomes Ready all the same, "
            "but its format, architecture and size must be written by hand."
        )
    elif isinstance(found, ModelFacts):
        yield from found.problems
    elif contents.failure is None:
        yield "It has no config.json: OME cannot tell what kind of model it is, and no runtime is chosen."
    yield from _quantization(contents, found)


def _quantization(contents: Contents, found: ModelFacts | Failure | None) -> Iterator[str]:
    said = parsed(contents).get(_QUANTIZED)
    if isinstance(said, dict) and not said.get("quant_method"):
        yield "Its quantization_config names no method."
    elif isinstance(said, dict) and not isinstance(found, ModelFacts):
        yield f"It is quantised with {said['quant_method']}."


def _weights(repository: Repository) -> Iterator[str]:
    paths = [file.path.lower() for file in repository.files]
    if any(path.endswith(".safetensors") for path in paths):
        return
    for name, endings in _WEIGHTS.items():
        if any(path.endswith(endings) for path in paths):
            yield (
                f"It has no safetensors: the weights are {name} files, while OME takes every "
                "checkpoint for safetensors."
            )
            return
    yield "It has no weights that OME or its runtimes know."


def _serving(standing: Standing) -> Iterator[str]:
    if standing.ranking is not None and not standing.served:
        seen = len(standing.ranking.verdicts)
        more = f": why not is told for each of the {seen}" if seen else ""
        yield f"No installed runtime serves it{more}."


def _disk(repository: Repository, places: Iterable[Place]) -> Iterator[str]:
    held = list(places)
    if not held:
        yield "No node matches: nothing would be downloaded, and the model would never be Ready."
    known = [place for place in held if place.free is not None]
    short = [place.node for place in known if (place.free or 0) < repository.size]
    if short and len(short) == len(held):
        yield "It is larger than the free disk of every node it would come to, as far as that is known."
    elif short:
        yield f"It is larger than the free disk of {', '.join(short)}, as far as that is known."
    if held and not any(place.agent for place in held):
        yield "No model agent is seen on these nodes: nothing would be downloaded."


def _code(repository: Repository, contents: Contents) -> Iterator[str]:
    own = [file.path for file in repository.files if file.path.endswith(".py")]
    if "auto_map" in parsed(contents) or repository.custom_code:
        named = f" ({', '.join(own[:3])})" if own else ""
        yield (
            f"It brings code of its own{named} that an engine runs only with --trust-remote-code. "
            "Read it before you allow that."
        )
    if repository.unsafe_files:
        yield f"The Hub's scanners object to {', '.join(repository.unsafe_files[:3])}."


def _licence(repository: Repository) -> Iterator[str]:
    if not repository.licence:
        yield "It names no licence."
    elif repository.licence == "other" or "-nc-" in f"{repository.licence}-":
        yield f"Its licence ({repository.licence}) has terms of its own: read them before you serve it."
