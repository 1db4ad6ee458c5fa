"""`python -m benchmarks [topic ...]`: all topics, or those that are named."""

import argparse
import importlib
import logging

from benchmarks.report import table

TOPICS = {
    "lists": "reading a large cluster",
    "changes": "a change until the cache knows it",
    "downloads": "the board under a storm of reports",
    "browser": "a page in a real browser",
    "matching": "which runtime serves which model",
    "checking": "a keystroke in the editor until all that is wrong is known",
    "sandbox": "the cluster to try things on",
    "start": "from the command to a page",
    "pages": "the script of a page",  # last: it leaves a page as the main module of this process
}


def main() -> None:
    """Run the topics in order, printing each as it is done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", epilog=_topics())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("topic", nargs="*", choices=[*TOPICS, []], help="all when none is named")
    logging.disable(logging.WARNING)  # Streamlit's: that pages run without a browser is intended
    for topic in parser.parse_args().topic or TOPICS:
        for report in importlib.import_module(f"benchmarks.{topic}").run():
            print(table(report), flush=True)


def _topics() -> str:
    return "topics:\n" + "\n".join(f"  {name:<10}{what}" for name, what in TOPICS.items())


if __name__ == "__main__":
    main()
