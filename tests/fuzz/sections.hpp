// A fuzzing input that stands for several files, as a text that a person can read and write.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::fuzz {

struct Section {
  std::string name;
  std::string text;
};

/// Cut at lines `=== NAME`; what stands before the first of them is called `experiment.yaml`.
inline std::vector<Section> sections_of(std::string_view text) {
  std::vector<Section> sections{{"experiment.yaml", ""}};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with("=== "))
      sections.push_back({std::string(line.substr(4)), ""});
    else
      sections.back().text.append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sections;
}

/// Writes those sections that have one of these names, and removes files of the others.
inline void write_sections(const std::string& folder, const std::vector<Section>& sections,
                           const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string path = folder + '/' + name;
    std::filesystem::remove(path);
    for (const Section& section : sections)
      if (section.name == name) std::ofstream(path, std::ios::binary) << section.text;
  }
}

}  // namespace orrery::fuzz
