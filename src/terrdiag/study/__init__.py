"""The study file: what a diagnostic is about, declared in TOML by people who do not code."""

from terrdiag.study.codes import KINDS, Kind
from terrdiag.study.expressions import Expression, parse_expression
from terrdiag.study.load import list_studies, load_study, study_for_code
from terrdiag.study.model import Study
from terrdiag.study.scaffold import write_study_folder
from terrdiag.study.schema import study_schema, write_schema

__all__ = [
    "KINDS",
    "Expression",
    "Kind",
    "Study",
    "list_studies",
    "load_study",
    "parse_expression",
    "study_for_code",
    "study_schema",
    "write_schema",
    "write_study_folder",
]
