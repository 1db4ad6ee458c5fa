"""`python -m ome_backend`: the command line."""

from ome_backend.cli.main import main

raise SystemExit(main())
