"""The folium map that standalone maps are made on: no tile, no link, no network.

folium takes half a second to import and to compile its templates, and what it gives for a map without anything on it
is always the same: it is rendered once, by « make docs », to ``assets/shell.html``, which the runs read.
"""

import folium
from branca.element import Figure
from folium.template import Template


class OfflineFigure(Figure):
    """A page in French that forbids itself any network."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="@@policy@@">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>@@title@@</title>\n{{ this.header.render(**kwargs) }}\n</head>\n<body>\n"
        "{{ this.html.render(**kwargs) }}\n<script>{{ this.script.render(**kwargs) }}</script>\n</body>\n</html>\n"
    )

    def __init__(self) -> None:
        super().__init__()
        self.header._children.clear()  # noqa: SLF001  # branca's own <meta>, written above in its short form


class TerritoryMap(folium.Map):
    """A folium map without tile nor link, whose ground is a scene: the shell that every standalone map fills.

    The program of the map, its data and its words stand as holes (``@@name@@``): folium renders its parts as Jinja
    templates, which must not see a text that comes from a file.
    """

    # folium's own lists: Leaflet, jQuery, Bootstrap and the rest from the network
    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # typed so by folium
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro header(this, kwargs) %}<style>@@css@@</style>{% endmacro %}
        {% macro html(this, kwargs) -%}
        <main class="td-page">
        <h1>@@heading@@</h1>
        <p class="td-where">@@where@@</p>
        <div class="td-body">
        <div class="folium-map" id="{{ this.get_name() }}"></div>
        <aside id="legende" aria-label="Légende"></aside>
        </div>
        <p class="td-definition">@@definition@@</p>
        <p class="td-credit">@@credit@@</p>
        <details id="donnees"><summary>Données de la carte en tableau</summary>@@table@@</details>
        </main>
        <script type="application/json" id="scene">@@scene@@</script>
        <script type="application/json" id="vue">@@view@@</script>
        {%- endmacro %}
        {% macro script(this, kwargs) -%}@@js@@
        var {{ this.get_name() }} = terrdiagPage("{{ this.get_name() }}");{%- endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__(tiles=None)
        # a fixed name: the same run gives the same bytes
        self._name, self._id = "carte", "terrdiag"
        OfflineFigure().add_child(self)


def render_shell() -> str:
    """Render what every standalone map is made on, holes included: the content of ``assets/shell.html``."""
    # no indentation nor empty line of the templates
    lines = TerritoryMap().get_root().render().splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip())
