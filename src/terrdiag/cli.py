"""The command line: parse, call, print. Everything is computed elsewhere, and imported when it is needed."""

import datetime as dt
import shlex
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from terrdiag import __version__
from terrdiag.data_commands import data, sources
from terrdiag.errors import TerrdiagError
from terrdiag.frenchclick import FrenchGroup, word_usage_error

FOLDER = click.Path(path_type=Path)
EDITION_OPTION = click.option(
    "--edition",
    "edition_dir",
    type=FOLDER,
    metavar="DOSSIER",
    help="Édition à lire, au lieu de l'édition locale (data/edition) ou, sans elle, de l'édition embarquée.",
)


def main() -> NoReturn:
    """Run the command line; print what a user can act on in French, with an exit code that is not 0."""
    try:
        terrdiag.main(prog_name="terrdiag", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        _fail("Interrompu.", 130)
    except click.ClickException as error:
        _fail(word_usage_error(error), 2)
    except BrokenPipeError:
        # the reader of a pipe (head, less) has seen enough
        sys.stderr.close()
        sys.exit(1)
    except TerrdiagError as error:
        _fail(f"Erreur : {error}", 1)
    sys.exit(0)


def _fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


@click.group(cls=FrenchGroup)
@click.version_option(__version__, message="terrdiag %(version)s", help="Affiche la version.")
def terrdiag() -> None:
    """Du nom d'un territoire français à son diagnostic : cartes, tableaux, page, tous sourcés, sans réseau.

    Pour commencer : terrdiag diagnostic 246500482
    """


@terrdiag.command(short_help="Écrit le diagnostic d'un territoire.")
@click.argument("territoire", metavar="NOM|CODE|FICHIER.toml")
@click.option(
    "--out",
    type=FOLDER,
    default=Path(),
    metavar="DOSSIER",
    help="Où écrire maps/ et data/ (ici par défaut).",
)
@click.option(
    "--dem",
    type=FOLDER,
    multiple=True,
    metavar="FICHIER",
    help="Modèle d'altitude, ou MNT (un fichier ; à répéter pour plusieurs), au lieu de celui de data/raw/dem.",
)
@EDITION_OPTION
def diagnostic(territoire: str, out: Path, dem: tuple[Path, ...], edition_dir: Path | None) -> None:
    """Écrit le diagnostic d'un territoire : page, cartes, tableaux.

    \b
    NOM      commune, EPCI, département, région… : « haute bigorre »
    CODE     SIREN d'un EPCI, code INSEE d'une commune, d'un département, d'une région ;
             region:75 ou departement:75 lèvent le doute
    FICHIER  une étude (mon-etude.toml), ou son nom dans le dossier pipelines/ (cchb)
    """
    from terrdiag.diagnostic import run_diagnostic
    from terrdiag.edition.local import find_edition
    from terrdiag.report import summarise
    from terrdiag.territory import resolve_target

    edition = find_edition(edition_dir, Path())
    study = replace(
        resolve_target(territoire, edition, Path("pipelines")),
        dem=dem,
        dem_folder=Path("data", "raw", "dem"),
    )
    with _waiting() as progress:
        done = run_diagnostic(
            study,
            edition,
            out,
            generated=dt.date.today(),
            command=_command(territoire, dem),
            progress=progress,
        )
    click.echo(summarise(done.content, done.page, done.data_dir))
    for name in done.kept:
        click.echo(f"Gardé    {name} (fichier que vous aviez modifié)")


@terrdiag.command(short_help="Vérifie les chiffres que cite une étude.")
@click.argument("etude", metavar="ÉTUDE|FICHIER.toml")
@EDITION_OPTION
@click.option("--strict", is_flag=True, help="Un chiffre non calculable compte comme un écart.")
def claims(etude: str, edition_dir: Path | None, *, strict: bool) -> None:
    """Vérifie les chiffres que cite une étude ([[claims]]) : confirmé, diffère, ou non calculable, et pourquoi.

    Code de sortie : 0 si aucun chiffre ne diffère (ni ne manque, avec --strict), 3 sinon, 1 si l'étude est fautive.
    """
    from terrdiag import claims_listing

    text, code = claims_listing.list_claims(etude, edition_dir, strict=strict)
    click.echo(text)
    sys.exit(code)


@terrdiag.command(name="list", short_help="Liste les études, les indicateurs, les sources.")
@click.argument(
    "quoi",
    required=False,
    type=click.Choice(["studies", "indicators", "sources"]),
    metavar="[LISTE]",
)
def list_(quoi: str | None) -> None:
    """Liste les études (studies), les indicateurs (indicators) ou les sources (sources)."""
    from terrdiag import listing

    for name in [quoi] if quoi else ["studies", "indicators", "sources"]:
        click.echo(listing.LISTS[name]())


@terrdiag.command(short_help="Cherche un territoire par son nom.")
@click.argument("mots", nargs=-1, required=True, metavar="MOTS…")
@click.option(
    "--limit", default=10, type=click.IntRange(1), metavar="N", help="Nombre de réponses (10)."
)
@EDITION_OPTION
def find(mots: tuple[str, ...], limit: int, edition_dir: Path | None) -> None:
    """Cherche un territoire par son nom, sans souci d'accents : niveau, code, et ce qu'il faut écrire."""
    from terrdiag.edition.local import find_edition
    from terrdiag.territory import find_territories
    from terrdiag.territory.target import explain_announced

    query = " ".join(mots)
    edition = find_edition(edition_dir, Path())
    if absent := explain_announced(query, edition):
        _fail(absent, 1)
    found = find_territories(query, edition, limit)
    if not found:
        _fail(f"Aucun territoire ne ressemble à « {query} ».", 1)
    for territory in found:
        click.echo(f"{territory.target:<22} {territory.label}")


@terrdiag.command()
@click.argument("dossier", type=FOLDER, metavar="DOSSIER")
def init(dossier: Path) -> None:
    """Crée un dossier d'études commenté, prêt à être modifié."""
    from terrdiag.study import write_study_folder

    for path in write_study_folder(dossier):
        click.echo(f"écrit {path}")


@terrdiag.group(
    cls=FrenchGroup, short_help="Les tables nationales : construire, vérifier, décrire."
)
def edition() -> None:
    """Les tables nationales : les construire, les vérifier, les décrire."""


@edition.command(short_help="Construit une édition.")
@click.option(
    "--raw",
    type=FOLDER,
    required=True,
    metavar="DOSSIER",
    help="Les fichiers officiels, rangés par producteur.",
)
@click.option(
    "--out",
    type=FOLDER,
    required=True,
    metavar="DOSSIER",
    help="L'édition à écrire (remplacée en entier).",
)
@click.option(
    "--date",
    "built_at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="AAAA-MM-JJ",
    help="Date que porte l'édition (aujourd'hui) : mêmes fichiers et même date, mêmes octets.",
)
def build(raw: Path, out: Path, built_at: dt.datetime | None) -> None:
    """Construit une édition à partir des fichiers officiels (environ trois minutes)."""
    from terrdiag.edition.build import build_edition

    with _waiting() as progress:
        build_edition(raw, out, built_at.date() if built_at else dt.date.today(), progress)
    click.echo(f"Édition écrite dans {out}.")


@edition.command(short_help="Vérifie une édition.")
@click.argument("dossier", required=False, type=FOLDER, metavar="[DOSSIER]")
def check(dossier: Path | None) -> None:
    """Vérifie une édition (par défaut, celle que lit « diagnostic ») : empreintes, contours, chiffres, licences."""
    from terrdiag.edition.check import check_edition
    from terrdiag.edition.local import find_edition

    opened = find_edition(dossier, Path())
    for title in check_edition(opened):
        click.echo(f"bon : {title}")


@edition.command(short_help="Décrit une édition.")
@click.argument("dossier", required=False, type=FOLDER, metavar="[DOSSIER]")
def info(dossier: Path | None) -> None:
    """Décrit une édition : identifiant, tables, sources, ce qui a été laissé de côté."""
    from terrdiag import listing

    click.echo(listing.describe_edition(dossier))


terrdiag.add_command(data)
terrdiag.add_command(sources)


def _command(target: str, dem: tuple[Path, ...]) -> str:
    """Word the command that makes the same diagnostic again."""
    options = "".join(f" --dem {shlex.quote(path.name)}" for path in dem)
    return f"terrdiag diagnostic {shlex.quote(target)}{options}"


def _waiting() -> AbstractContextManager[Callable[[str], None]]:
    from terrdiag.progress import show_progress

    return show_progress()
