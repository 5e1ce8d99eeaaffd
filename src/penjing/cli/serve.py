"""``penjing serve``: the web page and the REST API."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from penjing.cli import READING, app
from penjing.cli.options import Model
from penjing.cli.output import typed_errors

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@app.command(rich_help_panel=READING)
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 opens it to the network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8868,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="PENJING_TOKEN",
            help="Ask clients for this bearer token; safer in the environment.",
        ),
    ] = None,
    model: Model = "default",
    threads: Annotated[
        int,
        typer.Option(
            min=1,
            help="Threads for each picture; as many pictures are read at once as the CPUs allow.",
        ),
    ] = 1,
) -> None:
    """Serve a web page and a REST API, until SIGTERM or Ctrl-C."""
    from penjing.service.supervisor import Settings, listen, supervise

    with typed_errors():
        listening = listen(host, port)
    # Logging, unlike print, bears a standard error on a full disk.
    logging.basicConfig(level=logging.INFO, format="penjing: %(message)s")
    address = f"[{host}]" if ":" in host else host
    logging.info("http://%s:%d/", address, listening.getsockname()[1])
    if host not in _LOOPBACK and not token:
        logging.warning("open to the network without a token (PENJING_TOKEN)")
    raise typer.Exit(supervise(listening, Settings(model, threads, token)))
