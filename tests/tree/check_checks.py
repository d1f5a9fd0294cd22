"""The checks of the tree find the faults they are for: usage check_checks.py ROOT (unused)."""

import os
import subprocess
import sys
import tempfile

from source_tree import finish

HERE = os.path.dirname(os.path.abspath(__file__))
# File, its text, the check that must complain, a part of the complaint. Texts are joined from
# parts where the whole would be a fault of this file.
FAULTS = (
    ("models/base/up.hpp", '#include "sim/worlds/training/a.hpp"\n', "floors", "must not know sim/worlds/training"),
    ("models/base/kernel.hpp", "#include <simgrid/s4u.hpp>\n", "floors", "only sim/engine includes SimGrid"),
    ("models/base/near.hpp", '#include "near.hpp"\n', "floors", "rooted at the repository"),
    ("sim/worlds/training/a.hpp", '#include "sim/worlds/training/policies/p.hpp"\n', "floors", "must not know sim/worlds/training/policies"),
    ("sim/worlds/training/b.hpp", "#include <models/base/up.hpp>\n", "floors", "in quotes"),
    ("sim/worlds/training/c.hpp", '#include "calibrate/x.hpp"\n', "floors", "never include each other"),
    ("sim/worlds/training/d.hpp", '#include "sim/worlds/training/gone.hpp"\n', "floors", "does not exist"),
    ("attic/e.cpp", "int e;\n", "floors", "outside the house"),
    ("sim/app/long.cpp", "//\n" * 401, "text", "401 lines"),
    ("sim/app/left.cpp", "// TO" + "DO\n", "text", "unfinished work"),
    ("README.md", "see /wo" + "rk/here\n", "text", "somebody's machine"),
    ("docs/sys" + "tems/toy.md", "# Toy\n## Rules\n## Rules\n", "citations", "'Rules' stands twice"),
    ("sim/app/cite.hpp", "// docs/sys" + 'tems/toy.md, "Rules" and\n// "Ru\n// in"\n', "citations", "no heading 'Ru in'"),
    ("sim/app/gone.hpp", "// docs/sys" + 'tems/gone.md, "Rules"\n', "citations", "does not exist"),
    ("sim/app/old.hpp", "// see the specif" + "ication,\n// section 4.1\n", "citations", "cannot be read"),
    ("sim/app/older.hpp", "// sections 6 to 8 of the specif" + "ication\n", "citations", "cannot be read"),
    ("sim/worlds/toy/", None, "worlds", "registers no kind of results"),
    ("sim/worlds/toy/k.cpp", "int k;  // TO" + "DO\n", "text", "unfinished work"),
    ("sim/worlds/play/k.cpp", '#include "sim/worlds/play/gone.hpp"\nresult_kinds().add({"play-kind", s})\n', "floors", "does not exist"),
    ("sim/report/folder.cpp", '#include "sim/worlds/toy/k.hpp"\n', "worlds", "includes or names its folder"),
    ("sim/experiment/space.cpp", "int k = toy::k();\n", "worlds", "speaks of its namespace"),
    ("sim/app/kind.cpp", 'return kind == "play-kind";\n', "worlds", "the name of its kind"),
    ("sim/app/bare.cpp", "#include <map>\n// std::set\nstd::vector<int> v;\n", "includes", "uses std::vector and includes <vector>"),
    ("sim/app/through.cpp", '#include "sim/app/bare.cpp"\nstd::optional<std::map<int, int>> o;\n', "includes", "uses std::optional"),
    ("tests/cases.cpp", 'TEST_CASE("x") {}\n', "includes", "is not named test_*.cpp"),
    ("docs/link.md", "[x](systems/toy.md#rule)\n", "citations", "no heading for '#rule'"),
)


def main():
    faults = []
    with tempfile.TemporaryDirectory() as root:
        for path, content, _, _ in FAULTS:
            if content is None:  # of the folder of another entry
                continue
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(content)
        said = {
            check: subprocess.run(
                [sys.executable, "-B", os.path.join(HERE, f"check_{check}.py"), root],
                capture_output=True, text=True, check=False,
            )
            for check in ("floors", "text", "citations", "worlds", "includes")
        }
    for path, _, check, complaint in FAULTS:
        lines = [line for line in said[check].stdout.splitlines() if line.startswith(path)]
        if not any(complaint in line for line in lines):
            faults.append(f"check_{check}.py says nothing of '{complaint}' for {path}")
    faults += [f"check_{check}.py passes a tree full of faults" for check in said if said[check].returncode == 0]
    finish(faults, f"{len(FAULTS)} faults planted")


if __name__ == "__main__":
    main()
