"""A bound on what all pages together have on its way to the server, so that photos do not fill the memory."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from glassnet.studio import limits

TRY_LATER, TOO_LONG = 1013, 1009  # why a WebSocket ends


class Bounded(WebSocketsSansIOProtocol):
    """A WebSocket whose messages on their way count; a photo for which there is no room ends its connection.

    uvicorn reads no further until a message was taken, so that there is one of each page at most. Commands
    and drawings, which are small, always have room.
    """

    held = 0  # bytes, of all connections

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._held = 0

    def _hold(self, size: int) -> None:
        self._held += size
        Bounded.held += size

    def data_received(self, data: bytes) -> None:
        """Take some bytes of a message."""
        self._hold(len(data))
        if Bounded.held > limits.UPLOADS and self._held > limits.DRAWING:
            self._end(TRY_LATER, "too much is on its way from all pages")
        elif len(self.frames) > limits.PIECES:
            self._end(TOO_LONG, "too many pieces")
        else:
            super().data_received(data)

    def _end(self, code: int, why: str) -> None:
        if not self.close_sent:
            self.conn.fail(code, why)
            self.handle_parser_exception()

    async def receive(self) -> Any:
        """Hand on a message, which then counts no more."""
        message = await super().receive()
        self._hold(-self._held)
        return message

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was on its way."""
        self._hold(-self._held)
        super().connection_lost(exc)
