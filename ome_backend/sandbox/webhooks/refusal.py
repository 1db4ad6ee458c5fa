"""How a webhook says no."""


class Refused(Exception):  # noqa: N818 - reads as what happened
    """A webhook denied the request. `message` is its own text, `code` the HTTP status it came with,
    `webhook` the name under which the API server reports it."""

    def __init__(self, message: str, code: int = 403, webhook: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.webhook = webhook

    @property
    def sentence(self) -> str:
        """The message as the API server passes it on."""
        if not self.webhook:
            return self.message
        return f'admission webhook "{self.webhook}" denied the request: {self.message}'
