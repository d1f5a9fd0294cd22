"""Citations of the pages of docs/systems: usage check_citations.py ROOT.

Code cites a page by a heading: the page's path, a comma and the heading in double quotes; several
headings are joined by "and" or commas. A citation may be wrapped over comment lines. Links of
Markdown pages to docs/systems/*.md#anchor are checked as well.
"""

import os
import re
import sys

from source_tree import files, finish, text

# The start of a comment line, as a citation may be wrapped over several.
LEADER = re.compile(r"\n[ \t]*(?:///?<?|#|\*)?[ \t]*")
HEADING = r'\\?"([^"\\]+)\\?"'
CITED = re.compile(r"docs/systems/([\w-]+)\.md(?:,? (" + HEADING + r"(?:(?:, [\d to]+)?,? (?:and )?" + HEADING + r")*))?")
LINK = re.compile(r"\]\(([^()\s]*\.md)(?:#([^()\s]*))?\)")
# Built from parts, so that this file passes its own check.
UNREADABLE = (
    re.compile(r"specif" + r"ication[,:]?(?: of \w+)?,? (?:section|10\.)", re.IGNORECASE),
    re.compile(r"sections? [\d.]+(?: (?:to|and) [\d.]+)? of the (?:specif" + r"ication|notes)\b", re.IGNORECASE),
    re.compile(r"\(Crius, (?:section |\d)"),
)
FREE = re.compile(r"(^|/)(package-lock\.json|LICENSE|NOTICE)$|^tests/.*(fixtures|corpus)/|^traces/samples/")


def headings_of(page):
    """The headings of a Markdown page, fenced blocks left out."""
    found, fenced = [], False
    for line in page.splitlines():
        fenced ^= line.startswith("```")
        match = None if fenced else re.match(r"#+ (.+?)\s*$", line)
        if match:
            found.append(match.group(1))
    return found


def anchor_of(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def line_of(content, position):
    return content.count("\n", 0, position) + 1


def joined(content):
    """The text with wrapped lines joined, and for each character of it where it was."""
    out, positions, last = [], [], 0
    for match in LEADER.finditer(content):
        out.append(content[last:match.start()])
        positions.extend(range(last, match.start()))
        out.append(" ")
        positions.append(match.start())
        last = match.end()
    out.append(content[last:])
    positions.extend(range(last, len(content)))
    return "".join(out), positions


def faults_of(path, content, pages):
    flat, positions = joined(content)
    for pattern in UNREADABLE:
        for match in pattern.finditer(flat):
            line = line_of(content, positions[match.start()])
            yield f"{path}:{line}: '{match.group(0)}' cannot be read in this repository: cite docs/systems"
    for match in CITED.finditer(flat):
        line, name = line_of(content, positions[match.start()]), match.group(1)
        if name not in pages:
            if name != "NAME":  # how a page of systems is named in general
                yield f"{path}:{line}: cites docs/systems/{name}.md, which does not exist"
            continue
        for heading in re.findall(HEADING, match.group(2) or ""):
            if heading not in pages[name]:
                yield f"{path}:{line}: docs/systems/{name}.md has no heading '{heading}'"
    for match in LINK.finditer(content) if path.endswith(".md") else ():
        target = os.path.normpath(os.path.join(os.path.dirname(path), match.group(1)))
        page, anchor = re.fullmatch(r"docs/systems/([\w-]+)\.md", target), match.group(2)
        if page and page.group(1) in pages and anchor:
            if anchor not in map(anchor_of, pages[page.group(1)]):
                yield f"{path}:{line_of(content, match.start())}: {target} has no heading for '#{anchor}'"
        elif page and page.group(1) not in pages:
            yield f"{path}:{line_of(content, match.start())}: links to {target}, which does not exist"


def main():
    root = sys.argv[1]
    every = files(root)
    pages, faults, count = {}, [], 0
    for path in every:
        page = re.fullmatch(r"docs/systems/([\w-]+)\.md", path)
        if page:
            pages[page.group(1)] = headings_of(text(root, path))
            for heading in {h for h in pages[page.group(1)] if pages[page.group(1)].count(h) > 1}:
                faults.append(f"{path}: the heading '{heading}' stands twice")
    for path in every:
        content = None if FREE.search(path) else text(root, path)
        if content is not None:
            count += content.count("docs/systems/")
            faults += faults_of(path, content, pages)
    finish(faults, f"{count} citations of {len(pages)} pages")


if __name__ == "__main__":
    main()
