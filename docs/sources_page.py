"""The page of the sources: the register, and what the embedded edition left out of each."""

from collections.abc import Mapping
from typing import Final

from markup import HEAD, bullets, make_table

from terrdiag.catalogue import Source, SourceFile
from terrdiag.edition import Edition
from terrdiag.edition.schema import SourceRecord
from terrdiag.sources_words import FEED_LABELS, describe_content
from terrdiag.wording import join_words

SOURCES_HEAD: Final = """Tout chiffre d'un diagnostic vient d'un de ces fichiers. « Communes » est
l'année de la géographie du fichier : les communes du 1er janvier de cette année. « Édition embarquée » dit si
la source est dans les tables qui voyagent avec terrdiag, ou si seule `terrdiag data update` l'apporte. L'empreinte de
chaque fichier lu est dans l'édition (`edition.toml`), et la page de chaque diagnostic cite les
sources dont elle se sert. `terrdiag sources check --online` dit lesquelles de ces adresses répondent encore."""


def render_sources(sources: Mapping[str, Source], edition: Edition) -> str:
    """Render the register of sources, with what the embedded edition left out of each."""
    heads = [
        "Source",
        "Producteur",
        "Titre",
        "Millésime",
        "Communes",
        "Licence",
        "Édition embarquée",
    ]
    rows = [
        (
            *(f"[{s.id}](#{s.id})", s.producer, s.title, s.vintage, str(s.cog_year), s.licence),
            "oui" if s.id in edition.sources else "non",
        )
        for s in sources.values()
    ]
    parts = [
        f"{HEAD}\n# Les sources",
        SOURCES_HEAD,
        make_table(heads, rows),
        *(_describe_source(one, edition.sources.get(one.id)) for one in sources.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _describe_source(one: Source, record: SourceRecord | None) -> str:
    lines = [
        f"Mention à reprendre : {one.attribution}.",
        f"Licence : [{one.licence}]({one.licence_url}).",
        f"Apporte : {FEED_LABELS[one.feeds]}. Publication : {one.rhythm}.",
        f"[Page de présentation]({one.landing_page}) · [adresse du fichier]({one.address}).",
        f"Sous le dossier des données brutes : `{one.path}`.",
    ]
    if one.ref_years:
        lines.append(f"Années décrites : {join_words(map(str, one.ref_years))}.")
    if not one.embeddable:
        lines.append("Sa licence ne lui permet pas d'entrer dans l'édition embarquée.")
    if record is None:
        lines.append("N'est pas dans l'édition embarquée.")
    elif record.dropped:
        left = "\n".join(f"  - {text}" for text in record.dropped)
        lines.append(f"Écarté, réparé ou signalé à la lecture (nombre : motif) :\n{left}")
    if one.files:
        files = "\n".join(f"  - {_describe_file(file)}" for file in one.files)
        lines.append(f"Fichiers, et ce qui prouve que c'est bien eux :\n{files}")
    return f"### {one.id}\n\n**{one.title}**, {one.vintage}.\n\n{one.note}\n\n{bullets(lines)}"


def _describe_file(file: SourceFile) -> str:
    """Say where a file comes from and what it must hold; the address of a family is a pattern, and no link."""
    if not file.address:
        where = "sans adresse stable : d'un miroir, ou à la main"
    elif file.for_each:
        patterns = " ou ".join(f"`{url}`" for url in (file.address, *file.alternatives))
        where = f"{len(file.for_each)} fichiers, {patterns}"
    else:
        links = [f"[adresse]({file.address})"]
        where = ", ".join(links + [f"[autre adresse]({url})" for url in file.alternatives])
    return f"`{file.path}` ({where}) : {describe_content(file)}."
