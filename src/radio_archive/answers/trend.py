"""The answer of a search over time."""

from __future__ import annotations

from radio_archive.answers.shared import Answer
from radio_archive.model import Trend


def trend_answer(trend: Trend) -> Answer:
    """Answer of ``/api/v1/trend``: months without a break, oldest first, translations left out.

    ``per_hour`` is null where nothing is transcribed; where ``is_thin``, too little is for the rate
    to be believed.
    """
    return {
        "query": trend.query.text,
        "months": [
            {
                "month": each.month,
                "passages": each.passages,
                "transcribed_hours": each.transcribed_hours,
                "per_hour": None if each.per_hour is None else round(each.per_hour, 3),
                "is_thin": each.is_thin,
            }
            for each in trend.months
        ],
        "has_earlier": trend.has_earlier,
        "undated": trend.undated,
    }
