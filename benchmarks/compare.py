"""The same pictures to every peer in turn, so that other work on the machine slows all alike."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.conversation import Answer, Conversation
from benchmarks.peers import Peer, Unavailable

_WARM_UP = 3  # pictures read before the clock counts


@dataclass
class Run:
    """One peer's answers, picture by picture, in each of the repeats; memory in MB."""

    name: str
    ready_mb: float
    peak_mb: float = 0.0
    answers: list[list[Answer]] = field(default_factory=list)  # [picture][repeat]


def interleaved(
    peers: Iterable[Peer], images: Sequence[Path], way: str, threads: int, repeats: int
) -> list[Run]:
    """Every peer reads every image as a "line" or "page"; who begins changes with each image.

    Peers that this machine lacks are left out with a message.
    """
    with ExitStack() as stack:
        talks = []
        for peer in peers:
            try:
                talks.append(stack.enter_context(Conversation(peer, threads)))
            except Unavailable as reason:
                print(reason, file=sys.stderr)
        pairs = [(Run(talk.peer.name, talk.ready_mb), talk) for talk in talks]
        for _, talk in pairs:
            for image in images[:_WARM_UP]:
                talk.ask(image, way)
        console = Console(stderr=True)
        quiet = not console.is_terminal
        for k, image in enumerate(track(images, "reading", console=console, disable=quiet)):
            for run, _ in pairs:
                run.answers.append([])
            for turn in range(repeats):
                first = (k + turn) % len(pairs)
                for run, talk in pairs[first:] + pairs[:first]:
                    answer = talk.ask(image, way)
                    run.answers[-1].append(answer)
                    run.peak_mb = answer.mb
    return [run for run, _ in pairs]
