"""scripts/unchanged_tests.py names a test program as long as nothing that it may read changed,
and its tests by the names that they have in a build: usage check_unchanged.py ROOT BUILD."""

import os
import re
import subprocess
import sys
import tempfile

from source_tree import finish


def main():
    script = os.path.join(os.path.abspath(sys.argv[1]), "scripts", "unchanged_tests.py")
    faults = []
    for git in (True, False):
        faults += look(script, git)
    faults += unnamed(os.path.abspath(sys.argv[2]))
    finish(faults, "20 looks, and the tests of every program are told by its name")


def unnamed(build):
    """Programs of a build none of whose tests the script could leave out."""
    listed = subprocess.run(["ctest", "--test-dir", build, "-N"], capture_output=True, text=True,
                            check=True).stdout
    tests = re.findall(r"^ *Test +#\d+: (.*)$", listed, re.MULTILINE)
    programs = [name.removeprefix("test_") for name in os.listdir(os.path.join(build, "bin"))
                if name.startswith("test_")]
    assert programs and tests, listed
    return [f"no test begins with '{program}:'" for program in programs
            if not any(re.match(f"^({program}):", test) for test in tests)]


def look(script, git):
    """In a clone, or in a folder unpacked from an archive."""
    faults = []
    with tempfile.TemporaryDirectory() as root:
        if git:
            subprocess.run(["git", "init", "-q", root], check=True)

        def write(name, content):
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)

        def call(*more, data="/nowhere"):
            done = subprocess.run(
                [sys.executable, "-B", script, "build", *more], cwd=root, capture_output=True,
                text=True, check=False, env={**os.environ, "ORRERY_DATA": data})
            return done.stdout.rstrip("\n") if done.returncode == 0 else done.stderr

        def names(what, expected, **how):
            said = call(**how)
            if said != expected:
                faults.append(f"{what}: '{said}' instead of '{expected}'")

        write(".gitignore", "/build/\n")
        write("tests/fixtures/jobs.csv", "id\n")
        write("models/cost.cpp", "int cost;\n")
        write("build/bin/orrery", "the product")
        write("build/bin/test_costs", "a program")
        write("build/bin/test_command", "a program that runs ORRERY_BINARY")
        names("nothing has passed", "^$")
        names("nothing has passed, though looked at", "^$")
        call("--passed")
        names("all passed", "^(command|costs):")
        write("models/cost.cpp", "int cost = 2;\n")
        names("a source changed, no program did", "^(command|costs):")
        write("scripts/test", "a script")
        names("a file came that no test reads", "^(command|costs):")
        write("build/bin/orrery", "another product")
        names("the product changed", "^(costs):")
        call("--passed")
        write("build/bin/test_costs", "another program")
        names("a test program changed", "^(command):")
        call("--passed")
        write("tests/fixtures/jobs.csv", "id,gpus\n")
        names("a fixture changed", "^$")
        call("--passed")
        names("the data came", "^$", data=root)
        write("docs/new.md", "new\n")
        names("a file is new", "^$")
    return faults


if __name__ == "__main__":
    main()
