"""Each rule of a folder as the search that pySigma's SQLite backend makes of it: one JSON object a line, {"id", "query"} or {"id", "error"}.

    pip install pysigma pysigma-backend-sqlite
    python pysigma-queries.py RULES > queries.jsonl
"""

import json
import pathlib
import sys

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError

backend = sqliteBackend()
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yml")):
    rules = SigmaCollection.from_yaml(path.read_text("utf-8"), collect_errors=True)
    for rule in rules.rules:
        said = {"id": str(rule.id)}
        try:
            if rule.errors:
                raise rule.errors[0]
            queries = backend.convert(SigmaCollection([rule]))
            said["query"] = queries[0]
        except (SigmaError, NotImplementedError, ValueError, TypeError) as error:
            said["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(said))
