"""The words of click, in French: help pages and usage errors."""

from typing import Any

import click

from terrdiag.wording import NBSP, suggest


class FrenchCommand(click.Command):
    """A command whose help page is in French."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(
            ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=f"Usage{NBSP}: "
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, the one for help last and in French."""
        rows = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and not isinstance(param, click.Argument):
                text = (
                    "Affiche cette aide."
                    if "--help" in param.opts
                    else record[1].replace("[required]", "[obligatoire]")
                )
                rows.append((record[0], text))
        with formatter.section("Options"):
            formatter.write_dl(rows)


class FrenchGroup(FrenchCommand, click.Group):
    """A group of commands whose help pages are in French."""

    command_class = FrenchCommand
    group_class = type

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own
        """Name the parts of the usage line."""
        return ["[OPTIONS]", "COMMANDE", "…"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        width = formatter.width - 6 - max(len(name) for name, _ in commands)
        with formatter.section("Commandes"):
            formatter.write_dl(
                [(name, command.get_short_help_str(width)) for name, command in commands if command]
            )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own
        """List the commands in the order they are declared: that of the work."""
        return list(self.commands)


def word_usage_error(error: click.ClickException) -> str:
    """Word in French what click refuses on the command line.

    Parameters
    ----------
    error
        What click raised.

    Returns
    -------
    str
        What is wrong, what is expected, and where the help is.
    """
    context = getattr(error, "ctx", None)
    words = _word(error, context)
    path = context.command_path if context else "terrdiag"
    return f"Erreur{NBSP}: {words}\nAide{NBSP}: {path} --help"


def _word(error: click.ClickException, context: click.Context | None) -> str:  # noqa: PLR0911  # a case a line
    if isinstance(error, click.NoSuchOption):
        return f"option inconnue{NBSP}: {error.option_name}.{suggest(error.option_name, error.possibilities or [])}"
    if isinstance(error, click.MissingParameter):
        return f"il manque {_name(error)}."
    if isinstance(error, click.BadParameter):
        return f"valeur refusée pour {_name(error)}{NBSP}: {_word_value(error)}"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"il manque une commande.\n\n{error.format_message()}"
    name = getattr(error, "command_name", None)
    if name and context and isinstance(context.command, click.Group):
        return f"commande inconnue{NBSP}: {name}.{suggest(name, context.command.commands)}"
    if isinstance(error, click.BadOptionUsage):
        return f"l'option {error.option_name} attend une valeur."
    return f"la commande n'est pas comprise ({error.format_message()})."


def _word_value(error: click.BadParameter) -> str:
    kind: Any = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"attendu {', '.join(map(str, kind.choices))}."
    if isinstance(kind, click.IntRange):
        return f"attendu un nombre entier d'au moins {kind.min}."
    if isinstance(kind, click.DateTime):
        return "attendu une date AAAA-MM-JJ."
    if isinstance(kind, click.Path):
        return "attendu un dossier."
    return error.message


def _name(error: click.BadParameter) -> str:
    """Name the option or the argument that is wrong."""
    if error.param is None:
        return "un paramètre"
    if isinstance(error.param, click.Option):
        return f"l'option {error.param.opts[0]}"
    return str(error.param.make_metavar(error.ctx)) if error.ctx else str(error.param.name)
