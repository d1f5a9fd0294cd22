"""A trace with every job so many times at its own time: scaled_trace.py TIMES TRACE, to standard output.

The copies' ids end in -1, -2, ...; a cluster with as many times the nodes is then as busy as before.
"""

import csv
import sys


def main():
    times, path = int(sys.argv[1]), sys.argv[2]
    with open(path, newline="", encoding="utf-8") as trace:
        rows = csv.reader(trace)
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(next(rows))
        for row in rows:
            for copy in range(times):
                out.writerow([row[0] + (f"-{copy}" if copy else "")] + row[1:])


if __name__ == "__main__":
    main()
