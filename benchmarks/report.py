"""A report as a table that reads well in a terminal and stands in a document as it is."""

from collections.abc import Iterable

from benchmarks.measure import Figure, Report

HEAD = ("what", "median", "p95", "ratio", "remark")


def table(report: Report) -> str:
    """The report as a Markdown table, its baseline first."""
    rows = [HEAD, *(_row(each, report.baseline) for each in (report.baseline, *report.figures))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join([f"## {report.title}", "", *lines, ""])


def _row(figure: Figure, baseline: Figure) -> tuple[str, ...]:
    timed = figure.unit == "ms"
    ratio = "baseline" if figure is baseline else _number(figure.value / baseline.value)
    remark = ", ".join(each for each in (figure.remark, figure.verdict) if each)
    p95 = "" if figure.p95 is None else f"{_number(figure.p95)} {figure.unit}"
    value = f"{_number(figure.value)} {figure.unit}".strip()
    return figure.name, value, p95, ratio if timed else "", remark


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _number(value: float) -> str:
    if value == int(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2g}"
