"""The commands on data: ``terrdiag data …`` fetches and adds, ``terrdiag sources …`` tells where figures come from."""

import datetime as dt
import sys
from pathlib import Path

import click

from terrdiag.frenchclick import FrenchGroup

FOLDER = click.Path(path_type=Path)


def _refuse_blank(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty mirror, such as a variable that was not set: the producers would be asked in its place."""
    if value is not None and not value.strip():
        raise click.UsageError(
            "--mirror est vide : donnez un dossier ou une adresse, ou ôtez l'option."
        )
    return value


MIRROR_OPTION = click.option(
    "--mirror",
    callback=_refuse_blank,
    metavar="DOSSIER|ADRESSE",
    help="Un miroir des producteurs : un dossier ou une adresse, rangé comme le registre ou par site et chemin.",
)
RAW_OPTION = click.option(
    "--raw",
    type=FOLDER,
    default=Path("data", "raw"),
    metavar="DOSSIER",
    help="Dossier des fichiers officiels (data/raw).",
)
OFFLINE_OPTION = click.option(
    "--offline",
    is_flag=True,
    help="N'ouvre aucune connexion : ce qui est déjà là, data/raw/inbox/ et le miroir s'il est un dossier.",
)


@click.group(cls=FrenchGroup, short_help="Les données : mettre à jour, ajouter les siennes.")
def data() -> None:
    """Les données : télécharger les fichiers officiels, ajouter un modèle d'altitude ou ses propres chiffres."""


@data.command(short_help="Télécharge les fichiers officiels, refait l'édition locale.")
@click.argument("sources", nargs=-1, metavar="[SOURCE…]")
@MIRROR_OPTION
@OFFLINE_OPTION
@click.option(
    "--accept-new",
    is_flag=True,
    help="Accepte un fichier dont le contenu a changé depuis le verrou (data/raw/LOCK.toml).",
)
@click.option("--strict", is_flag=True, help="Une source en échec compte comme un échec.")
def update(
    sources: tuple[str, ...], mirror: str | None, *, offline: bool, accept_new: bool, strict: bool
) -> None:
    """Télécharge les fichiers officiels (tous, ou des SOURCES nommées) dans data/raw, et en fait une édition locale.

    « terrdiag diagnostic », lancé du même dossier, la lit désormais. Un fichier posé dans data/raw/inbox/ est reconnu à
    son nom ou à ses colonnes. Une source qui ne répond pas n'arrête pas les autres : elle est nommée.

    Code de sortie : 0 si l'édition est en place (avec --strict, 3 si une source a échoué), 1 si rien n'a pu être fait.
    """
    from terrdiag.data_listing import summarise_refresh
    from terrdiag.progress import show_progress
    from terrdiag.refresh import RefreshOrder, refresh_data
    from terrdiag.sources.download import NetworkSettings

    order = RefreshOrder(
        Path(),
        sources,
        mirror,
        accept_new,
        NetworkSettings(offline=offline),
        today=dt.date.today(),
    )
    with show_progress() as progress:
        done = refresh_data(order, progress)
    click.echo(summarise_refresh(done))
    if strict and done.failed:
        sys.exit(3)


@data.command(short_help="Ajoute vos propres chiffres.")
@click.argument("fichier", required=False, type=FOLDER, metavar="[FICHIER]")
@click.option(
    "--sidecar",
    type=FOLDER,
    metavar="FICHIER.toml",
    help="Ce que contient le fichier (par défaut : le même nom, en .toml).",
)
@click.option(
    "--example", type=FOLDER, metavar="DOSSIER", help="Écrit un exemple commenté, et s'arrête."
)
@click.option(
    "--accept-partial",
    is_flag=True,
    help="Prend un fichier dont moins de la moitié des codes est reconnue.",
)
@click.option("--replace", is_flag=True, help="Remplace la donnée du même identifiant.")
def add(
    fichier: Path | None,
    sidecar: Path | None,
    example: Path | None,
    *,
    accept_partial: bool,
    replace: bool,
) -> None:
    """Ajoute un CSV, un XLSX ou un GeoPackage de chiffres par commune à l'édition locale."""
    from terrdiag.own_command import AddOrder, add_data, summarise_added
    from terrdiag.own_example import write_example
    from terrdiag.progress import show_progress

    if example:
        for path in write_example(example):
            click.echo(f"écrit {path}")
        return
    if fichier is None:
        raise click.UsageError("Nommez un fichier, ou --example DOSSIER.")
    order = AddOrder(
        Path(),
        fichier,
        sidecar or fichier.with_suffix(".toml"),
        accept_partial,
        replace,
        dt.date.today(),
    )
    with show_progress() as progress:
        done = add_data(order, progress)
    click.echo(summarise_added(done))


@data.command(name="list", short_help="Liste vos propres chiffres.")
def list_own() -> None:
    """Liste les données ajoutées à l'édition locale."""
    from terrdiag.own_command import list_data

    click.echo(list_data(Path()))


@data.command(short_help="Retire une donnée ajoutée.")
@click.argument("identifiant", metavar="ID")
def remove(identifiant: str) -> None:
    """Retire une donnée ajoutée, et refait l'édition locale sans elle."""
    from terrdiag.own_command import remove_data
    from terrdiag.progress import show_progress

    with show_progress() as progress:
        remove_data(Path(), identifiant, dt.date.today(), progress)
    click.echo(f"« {identifiant} » n'est plus dans l'édition locale.")


@click.group(cls=FrenchGroup, short_help="Les sources : lister, montrer, vérifier.")
def sources() -> None:
    """Les sources officielles : leur liste, tout ce qui est su de l'une d'elles, leur état."""


@sources.command(name="list", short_help="Liste les sources.")
@RAW_OPTION
def list_(raw: Path) -> None:
    """Liste les sources par producteur : ce qu'elles apportent, licence, rythme, fichiers présents."""
    from terrdiag.sources_listing import list_sources

    click.echo(list_sources(raw))


@sources.command(short_help="Montre tout d'une source.")
@click.argument("source_id", metavar="ID")
@RAW_OPTION
def show(source_id: str, raw: Path) -> None:
    """Montre une source : licence, adresses, contenu attendu, dépôt à la main, indicateurs qui la citent."""
    from terrdiag.sources_listing import show_source

    click.echo(show_source(source_id, raw))


@sources.command(short_help="Vérifie les fichiers, ou les adresses.")
@click.option(
    "--online", is_flag=True, help="Essaie les adresses : vivante, déplacée, changée ou morte."
)
@OFFLINE_OPTION
@RAW_OPTION
def check(raw: Path, *, online: bool, offline: bool) -> None:
    """Vérifie les fichiers présents (verrou, en-têtes), ou avec --online les adresses du registre.

    Code de sortie : 0 ; 3 si une source est morte ou un fichier en faute.
    """
    from terrdiag.progress import show_progress
    from terrdiag.sources.download import NetworkSettings
    from terrdiag.sources_checking import check_sources

    with show_progress() as progress:
        text, code = check_sources(
            raw, online=online, settings=NetworkSettings(offline=offline), progress=progress
        )
    click.echo(text)
    sys.exit(code)


@data.command(short_help="Télécharge le modèle d'altitude d'un territoire.")
@click.argument("territoire", metavar="NOM|CODE|FICHIER.toml")
@click.option(
    "--source",
    type=click.Choice(["glo30", "bdalti", "wms", "rgealti"]),
    default="glo30",
    metavar="MODÈLE",
    help="glo30 (surface, 30 m, par défaut), bdalti (sol, 25 m), wms (RGE ALTI, sol, 25 m) ou rgealti (sol, 5 m).",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 50),
    default=2.0,
    metavar="KM",
    help="Marge autour du territoire (2 km).",
)
@MIRROR_OPTION
@OFFLINE_OPTION
def dem(territoire: str, source: str, margin: float, mirror: str | None, *, offline: bool) -> None:
    """Télécharge dans data/raw/dem le modèle d'altitude qui couvre un territoire et sa marge.

    « terrdiag diagnostic », lancé du même dossier, y mesure désormais le relief. bdalti et rgealti vont par archives de
    département (extra « dem ») ; glo30 est un modèle de surface, canopée et bâtiments compris.
    """
    from terrdiag.dem_command import DemOptions, fetch_dem, word_report
    from terrdiag.edition.local import find_edition
    from terrdiag.progress import show_progress
    from terrdiag.refresh import RAW
    from terrdiag.sources.download import NetworkSettings

    options = DemOptions(source, margin, mirror, NetworkSettings(offline=offline), dt.date.today())
    with show_progress() as progress:
        report = fetch_dem(territoire, find_edition(None, Path()), RAW, options, progress)
    click.echo(word_report(report))
