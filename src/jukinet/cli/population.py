"""`jukinet population`: generate residents that look like Japan's and are nobody."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jukinet.cli.console import plain_errors
from jukinet.domain.errors import ConfigurationError, StorageFullError
from jukinet.population.generator import Population, prepare_population

app = typer.Typer(no_args_is_help=True, help="Generate synthetic residents.")

#: The same seed means the same residents on every day: the default does not follow the clock.
DEFAULT_AS_OF: Final = date(2026, 4, 1)
_NO_SPACE_LEFT: Final = 28


@app.callback()
def population() -> None:
    """Generate synthetic residents."""


@app.command("generate")
def generate_command(
    municipality: Annotated[str, typer.Option(help="Local government code of a municipality or ward, 6 digits.")],
    residents: Annotated[int, typer.Option(help="How many residents.")],
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 0,
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which they are this old.")] = (
        datetime(DEFAULT_AS_OF.year, DEFAULT_AS_OF.month, DEFAULT_AS_OF.day)  # noqa: DTZ001 - a civil day
    ),
    output: Annotated[Path | None, typer.Option(help="File to write; standard output if not given.")] = None,
) -> None:
    """Write residents as JSON lines. The same municipality, number, seed and day give the same bytes."""
    with plain_errors():
        wanted = prepare_population(municipality=municipality, residents=residents, seed=seed, as_of=as_of.date())
        with _opened(output) as file:
            _write(wanted, file)


def _write(wanted: Population, file: BinaryIO) -> None:
    console = Console(stderr=True)
    is_shown = console.is_terminal and not file.isatty()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not is_shown) as progress:
        shown = progress.add_task(wanted.government.full_name, total=wanted.residents)
        for number in range(wanted.block_count):
            block = wanted.generate_block(number)
            file.write(block.json_lines())
            progress.advance(shown, block.size)
        file.flush()


@contextmanager
def _opened(output: Path | None) -> Generator[BinaryIO]:
    """Yield where to write.

    Raises:
        ConfigurationError: the file cannot be written.
        StorageFullError: the disk is full.
    """
    try:
        if output is None:
            yield sys.stdout.buffer
        else:
            with output.open("wb") as file:
                yield file
    except BrokenPipeError:
        raise  # whoever reads has read enough; typer ends quietly
    except OSError as error:
        if error.errno == _NO_SPACE_LEFT:
            raise StorageFullError from None
        raise ConfigurationError(f"The output cannot be written: {error.strerror}.", field="output") from None
