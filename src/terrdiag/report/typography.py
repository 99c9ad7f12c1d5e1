"""French typography of running text: the spaces that must not break."""

import re

from terrdiag.wording import NBSP, NNBSP


def set_spaces(text: str) -> str:
    """Turn the spaces that must not break into no-break ones: before ``: ; ! ? %``, inside « ».

    Examples
    --------
    >>> set_spaces("Définition : 100 % ; « oui » ?")
    'Définition\\xa0: 100\\xa0%\\u202f; «\\xa0oui\\xa0»\\u202f?'
    """
    text = re.sub(r" (?=[;!?])", NNBSP, text)
    text = re.sub(r" (?=[:%»](?:\W|$))", NBSP, text)
    return re.sub(r"« ", f"«{NBSP}", text)
