"""What OME takes a model to be able to do, from its architecture and type.

Source: pkg/modelagent/config_parser.go, determineModelCapabilitiesFromHF.
"""

from typing import Final

Capabilities = tuple[str, ...]
_SEES: Final = ("IMAGE_TEXT_TO_TEXT",)
_SPEAKS: Final = (
    "TEXT_TO_AUDIO",
    "IMAGE_TEXT_TO_AUDIO",
    "VIDEO_TEXT_TO_AUDIO",
    "AUDIO_TO_TEXT",
    "AUDIO_TO_AUDIO",
)
# "fortc" is OME's, who must have meant "forctc".
_HEARING: Final = ("whisper", "wav2vec2", "hubert", "fortc", "forspeechtotext")
_PAINTING: Final = (
    (("imageedit", "pix2pix", "img2img", "inpaint"), "IMAGE_TEXT_TO_IMAGE"),
    (("image", "pix", "stablediffusion"), "TEXT_TO_IMAGE"),
    (("texttovideo", "t2v"), "TEXT_TO_VIDEO"),
    (("video",), "IMAGE_TEXT_TO_VIDEO"),
)


def capabilities(
    model_type: str,
    architecture: str,
    *,
    vision: bool = False,
    embedding: bool = False,
    diffusion: bool = False,
) -> Capabilities:
    """The first rule that applies, in OME's order; no rule gives RERANK."""
    kind, name = model_type.lower(), architecture.lower()
    painted = _painted(name) if diffusion else ""
    if painted:
        return (painted,)
    if "nemotronh_nano" in kind:
        return ("IMAGE_TEXT_TO_TEXT", "TEXT_TO_TEXT", "AUDIO_TO_TEXT")
    # A pipeline that no rule above names counts as one that sees: so does FluxPipeline.
    if vision:
        return _SEES
    if "omni" in name:
        return _SPEAKS
    if _any(_HEARING, name):
        return ("AUDIO_TO_TEXT",)
    return ("EMBEDDING",) if embedding or _embeds(kind, name) else ("TEXT_TO_TEXT",)


def _painted(name: str) -> str:
    return next((found for words, found in _PAINTING if _any(words, name)), "")


def _embeds(kind: str, name: str) -> bool:
    base_of_mistral = "mistral" in kind and "mistralmodel" in name
    return "bert" in kind or base_of_mistral or _any(("embedding", "sentence"), name)


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
