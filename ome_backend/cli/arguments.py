"""The arguments that several subcommands share."""

import argparse

DEFAULT_NAMESPACE = "default"


def objects(parser: argparse.ArgumentParser) -> None:
    """`-f`, `--context` and `--namespace`: where the objects come from."""
    parser.add_argument(
        "-f",
        dest="files",
        metavar="FILE|DIR",
        nargs="+",
        action="extend",
        default=[],
        help="YAML or JSON with one or more objects, a directory (searched for *.yaml, *.yml and "
        "*.json, hidden ones and kustomizations left out), or - for standard input",
    )
    parser.add_argument(
        "--context",
        metavar="NAME",
        help="read the cluster of this kubeconfig context (nothing is changed); objects given with "
        "-f come on top and win",
    )
    parser.add_argument(
        "--namespace",
        metavar="NS",
        default="",
        help="where objects without a namespace are, and where models of the whole cluster are used "
        f"(default: {DEFAULT_NAMESPACE}); with --context, the only namespace that is read",
    )


def form(parser: argparse.ArgumentParser, plain: str = "table") -> None:
    """`-o`: how the answer is written."""
    parser.add_argument(
        "-o",
        dest="form",
        choices=(plain, "json"),
        default=plain,
        help=f"how the answer is written (default: {plain})",
    )
