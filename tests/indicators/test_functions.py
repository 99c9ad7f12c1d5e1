import pandas as pd
import pytest

from terrdiag.indicators import (
    emissions,
    employment,
    energy,
    housing,
    income,
    population,
    posts,
    private_jobs,
    relief,
    sectors,
)
from terrdiag.indicators.parts import Parts, finish_growth, finish_ratio
from terrdiag.indicators.slices import indicator_functions

NAN = float("nan")

# Inputs in the order of the parameters, then numerator, denominator, scale.
CASES = [
    (population.population, [250], 250, None, 1),
    (population.population_total, [7375], 7375, None, 1),
    (population.population_density, [300, 12.5], 300, 12.5, 1),
    (population.population_growth_pct, [1000, 1100], 1100, 1000, 1),
    # 50 births, 60 deaths, between 1000 and 1100 inhabitants, 5 years: 5 x 2100 / 2 = 5250
    (population.natural_change_pct, [50, 60, 1000, 1100, 5], -10, 5250, 100),
    (population.natural_change_pct, [7, 7, 100, 100, 6], 0, 600, 100),
    # idem: the population gains 100, of which -10 by births and deaths
    (population.migration_change_pct, [50, 60, 1000, 1100, 5], 110, 5250, 100),
    (population.migration_change_pct, [9, 2, 100, 100, 6], -7, 600, 100),
    (population.natural_balance, [50, 60, 1000, 1100], -10, None, 1),
    (population.migration_balance, [50, 60, 1000, 1100], 110, None, 1),
    (population.migration_balance, [9, 2, 100, 100], -7, None, 1),
    (housing.second_homes_share_pct, [60, 600], 60, 600, 100),
    (housing.vacant_homes_share_pct, [40, 600], 40, 600, 100),
    (housing.median_income_eur, [21_000], 21_000, None, 1),
    (employment.jobs, [400.5], 400.5, None, 1),
    (employment.jobs_growth_pct, [380, 400], 400, 380, 1),
    (employment.jobs_growth_published_pct, [-0.34], -0.34, None, 1),
    (employment.salaried_jobs_share_pct, [320, 400], 320, 400, 100),
    # 400 jobs for 500 active residents of whom 70 unemployed
    (employment.employment_concentration, [400, 500, 70], 400, 430, 100),
    (employment.unemployment_rate_pct, [70, 500], 70, 500, 100),
    (sectors.establishments, [559], 559, None, 1),
    (sectors.industry_establishments, [49], 49, None, 1),
    (sectors.industry_establishments_share_pct, [49, 559], 49, 559, 100),
    (sectors.agriculture_establishments_share_pct, [12, 559], 12, 559, 100),
    (sectors.construction_establishments_share_pct, [60, 559], 60, 559, 100),
    (sectors.trade_services_establishments_share_pct, [300, 559], 300, 559, 100),
    (sectors.administration_establishments_share_pct, [138, 559], 138, 559, 100),
    # the complementary exploitation for both: 512 jobs of industry out of 4491
    (sectors.industry_jobs_share_pct, [512, 4491], 512, 4491, 100),
    (sectors.industry_salaried_jobs_share_pct, [12.0], 12.0, None, 1),
    (sectors.agriculture_jobs_share_pct, [31, 1000], 31, 1000, 100),
    (sectors.construction_jobs_share_pct, [70, 1000], 70, 1000, 100),
    (sectors.trade_services_jobs_share_pct, [400, 1000], 400, 1000, 100),
    (sectors.administration_jobs_share_pct, [385, 1000], 385, 1000, 100),
    (income.median_living_standard_eur, [22_650], 22_650, None, 1),
    (income.poverty_rate_pct, [14.2], 14.2, None, 1),
    (income.median_living_standard_filosofi1_eur, [21_800], 21_800, None, 1),
    (income.poverty_rate_filosofi1_pct, [13.9], 13.9, None, 1),
    (energy.energy_use, [500], 500, None, 1),
    (energy.energy_industry_share_pct, [300, 500], 300, 500, 100),
    (energy.energy_unclassified_share_pct, [40, 500], 40, 500, 100),
    (emissions.ghg_total, [11_000], 11_000, None, 1),
    (emissions.ghg_industry_share_pct, [4000, 11_000], 4000, 11_000, 100),
    (emissions.ghg_road_share_pct, [3000, 11_000], 3000, 11_000, 100),
    (private_jobs.private_jobs, [70], 70, None, 1),
    (private_jobs.industry_private_jobs_share_pct, [40, 70], 40, 70, 100),
    (posts.salaried_posts, [150], 150, None, 1),
    (posts.industry_salaried_posts_share_pct, [30, 150], 30, 150, 100),
    (posts.food_industry_posts_share_pct, [10, 40], 10, 40, 100),
    (posts.refining_industry_posts_share_pct, [1, 40], 1, 40, 100),
    (posts.machinery_industry_posts_share_pct, [7, 40], 7, 40, 100),
    (posts.transport_equipment_industry_posts_share_pct, [8, 40], 8, 40, 100),
    (posts.other_manufacturing_industry_posts_share_pct, [9, 40], 9, 40, 100),
    (posts.energy_water_industry_posts_share_pct, [5, 40], 5, 40, 100),
    (relief.altitude_min_m, [327], 327, None, 1),
    (relief.altitude_max_m, [2872], 2872, None, 1),
    # 500 m over 40 km²
    (relief.altitude_mean_m, [500, 40], 20_000, 40, 1),
    (relief.altitude_range_m, [2872, 327], 2545, None, 1),
    (relief.mountain_communes_share_pct, [1, 1], 1, 1, 100),
]


def call(function, inputs):
    """Call with Series of two places, the second unknown; a number of years stays a number."""
    index = pd.Index(["65059", "65016"])
    series = [pd.Series([value, NAN], index=index) for value in inputs]
    if function in {population.natural_change_pct, population.migration_change_pct}:
        series[-1] = inputs[-1]
    return function(*series), index


@pytest.mark.parametrize(("function", "inputs", "numerator", "denominator", "scale"), CASES)
def test_function(function, inputs, numerator, denominator, scale):
    parts, index = call(function, inputs)
    assert isinstance(parts, Parts)
    assert parts.scale == scale
    assert parts.numerator.iloc[0] == pytest.approx(numerator)
    assert parts.numerator.index.equals(index)
    assert pd.isna(parts.numerator.iloc[1])
    if denominator is None:
        assert parts.denominator is None
    else:
        assert parts.denominator.iloc[0] == pytest.approx(denominator)
        assert parts.denominator.index.equals(index)
        assert pd.isna(parts.denominator.iloc[1])


def test_every_function_is_in_the_table():
    assert {function.__name__ for function, *_ in CASES} == set(indicator_functions())


def test_every_function_says_its_unit_or_formula():
    silent = [
        name
        for name, function in indicator_functions().items()
        if not (doc := function.__doc__)
        or not (" in " in doc or "Count" in doc or "Formula" in doc)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("numerator", "denominator", "scale", "expected"),
    [
        (49, 559, 100, 8.7656),
        (0, 559, 100, 0.0),
        (3, 0, 100, NAN),
        (0, 0, 100, NAN),
        (NAN, 5, 100, NAN),
        (5, NAN, 1, NAN),
        (-10, 5250, 100, -0.1905),
        (7, None, 1, 7.0),
    ],
)
def test_ratio(numerator, denominator, scale, expected):
    below = None if denominator is None else pd.Series([denominator])
    [value] = finish_ratio(Parts(pd.Series([numerator]), below, scale))
    assert value == pytest.approx(expected, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(
    ("start", "end", "years", "expected"),
    [
        (100, 121, 2, 10.0),  # 1.1 x 1.1 = 1.21
        (100, 100, 5, 0.0),
        (16_955, 16_511, 6, -0.4413),  # (16511 / 16955) ** (1/6) - 1
        (100, 0, 5, -100.0),
        (0, 50, 5, NAN),
        (0, 0, 5, NAN),
        (NAN, 50, 5, NAN),
        (50, NAN, 5, NAN),
    ],
)
def test_growth(start, end, years, expected):
    [value] = finish_growth(Parts(pd.Series([end]), pd.Series([start])), years)
    assert value == pytest.approx(expected, abs=1e-4, nan_ok=True)
