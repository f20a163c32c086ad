"""Who may look, and who may drive: the Host and Origin of requests, and the keys of `--host`.

A page elsewhere can make a browser call this server, but not make it lie about its Origin; and a name that
it lets point here (DNS rebinding) stands in Host. Without `--host` only this machine reaches the server.
With it there are two keys, one for each role, each in a link. The first request trades the key for a
cookie that no script can read and is sent on to the same page without it, so that the key is gone from the
address bar, the history and what a projector shows. The cookie is bound to the role's path: one browser may
hold both.
"""

import ipaddress
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ROLES = ("drive", "watch")


@dataclass(frozen=True)
class Access:
    """Who is let in at a port.

    `names` are the hosts that a request may name; None stands for any address in numbers, which no DNS can
    give to another, and this machine's own name. `keys` has one for each role, or is empty: then everyone
    who reaches the server drives.
    """

    port: int
    names: tuple[str, ...] | None = LOOPBACK
    keys: dict[str, str] = field(default_factory=dict)

    def host_fits(self, hosts: Sequence[str]) -> bool:
        """Whether a request with these Host headers is meant for this server."""
        if len(hosts) != 1:
            return False
        name, separator, port = hosts[0].lower().rpartition(":")
        if not separator or port.endswith("]"):  # without a port: that of HTTP
            name, port = hosts[0].lower(), "80"
        return port == str(self.port) and (name in self._named if self.names else _is_ours(name))

    @property
    def _named(self) -> tuple[str, ...]:
        return tuple(name.lower() for name in self.names or ())

    def origin_fits(self, origins: Sequence[str], hosts: Sequence[str], *, needed: bool) -> bool:
        """Whether a page of this server asks; where it is not `needed`, nobody in particular may too."""
        if not origins:
            return not needed
        return [origin.lower() for origin in origins] == [f"http://{host.lower()}" for host in hosts]

    def key_fits(self, role: str, key: str | None) -> bool:
        """Whether the key opens the role; without keys every role is open."""
        if not self.keys:
            return True
        known = self.keys.get(role)
        return not (known is None or key is None) and secrets.compare_digest(known.encode(), key.encode())

    @property
    def cookie(self) -> str:
        """The name of the cookie that keeps a key; cookies do not tell ports apart, so the name does."""
        return f"glassnet-{self.port}"

    def links(self, host: str) -> dict[str, str]:
        """Return the address that each role opens."""
        place = f"http://{host}" if self.port == 80 else f"http://{host}:{self.port}"
        if not self.keys:
            return {"drive": f"{place}/"}
        return {role: f"{place}/{role}/?key={key}" for role, key in self.keys.items()}


def of_address(address: str, port: int, host: str | None = None) -> tuple[Access, str]:
    """Return who is let in where the server listens at an address in numbers, and the host of its links.

    `host` is what the user called that address, and others may call it.
    """
    shown = f"[{address}]" if ":" in address else address
    if shown in LOOPBACK:
        return Access(port), shown
    keys = {role: secrets.token_urlsafe(12) for role in ROLES}
    if address in ("0.0.0.0", "::"):
        return Access(port, None, keys), _outward()
    return Access(port, (shown, host or shown), keys), shown


def _is_ours(name: str) -> bool:
    """Whether a host is an address in numbers, as browsers write it, or a name of this machine."""
    own = socket.gethostname().lower()
    if name in ("localhost", own, f"{own.partition('.')[0]}.local"):
        return True
    try:
        if name.startswith("[") and name.endswith("]"):
            return not ipaddress.IPv6Address(name[1:-1]).scope_id
        return bool(ipaddress.IPv4Address(name).packed)
    except ValueError:
        return False


def _outward() -> str:
    """The address of this machine towards others, as far as it can be told without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation: UDP's connect sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
