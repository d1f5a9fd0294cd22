"""scripts/tidy.py finds a defect in the file that has it, and looks again only where something
changed: usage check_tidy.py ROOT."""

import os
import subprocess
import sys
import tempfile

from source_tree import finish

# Without a header of the library: what takes long in clang-tidy is reading those.
FILES = {
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(toy CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_UNITY_BUILD ON)
add_executable(toy main.cpp first.cpp second.cpp)
""",
    "shared.hpp": "#pragma once\nint first(int* number);\nint second(int divisor);\n",
    "main.cpp": '#include "shared.hpp"\nint main() {\n  int one = 1;\n  return first(&one) + second(2);\n}\n',
    "first.cpp": '#include "shared.hpp"\nint first(int* number) {\n  return *number;\n}\n',
    "second.cpp": "int second(int divisor) {\n  return 12 / divisor;\n}\n",
}
NULL_USED = '#include "shared.hpp"\nint first(int* number) {\n  if (number == nullptr) return *number;\n  return 1;\n}\n'


def write(root, name, content):
    with open(os.path.join(root, name), "w", encoding="utf-8") as file:
        file.write(content)


def run(root, *command):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    tidy = os.path.join(sys.argv[1], "scripts", "tidy.py")
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        for name, content in FILES.items():
            write(root, name, content)
        with open(os.path.join(sys.argv[1], ".clang-tidy"), encoding="utf-8") as checks:
            write(root, ".clang-tidy", checks.read())

        def looks(what, code, *parts):
            built, text = run(root, "cmake", "-G", "Ninja", "-B", "build/release")
            if built == 0:
                built, text = run(root, "cmake", "--build", "build/release")
            found, said = run(root, sys.executable, "-B", tidy, "1")
            if built != 0 or found != code or any(part not in said for part in parts):
                faults.append(f"{what}: ended with {found} and said: {text if built else said}")

        looks("a clean tree", 0, "3 of 3 files looked at in 1 batches")
        looks("nothing changed", 0, "0 of 3 files looked at")
        write(root, "first.cpp", NULL_USED)
        looks("a null pointer is used", 1, f"{root}/first.cpp:3:", "Null", "1 of 3 files looked at")
        looks("the defect is still there", 1, f"{root}/first.cpp:3:", "1 of 3 files looked at")
        write(root, "first.cpp", FILES["first.cpp"])
        looks("it is mended", 0, "0 of 3 files looked at")
        write(root, "shared.hpp", FILES["shared.hpp"] + "// One more line.\n")
        looks("a header changed", 0, "2 of 3 files looked at in 1 batches")
    finish(faults, "6 looks")


if __name__ == "__main__":
    main()
