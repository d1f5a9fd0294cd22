// PyYAML, a reader of YAML 1.1, as a second opinion on what the writer wrote.
#pragma once

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "models/base/text_file.hpp"
#include "tests/models/base/support.hpp"

namespace orrery::base::test {

/// What PyYAML reads of the document; absent where it is not installed. Fails loudly where it
/// refuses the document.
inline std::optional<nlohmann::json> second_reader(const std::string& yaml) {
  if (std::system("python3 -c 'import yaml' 2>/dev/null") != 0) return std::nullopt;
  const TemporaryDirectory dir;
  const std::string in = write(dir / "in.yaml", yaml);
  const std::string out = dir / "out.json";
  const std::string command = "python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(open(" +
                              std::string("sys.argv[1], encoding=\"utf-8\")), open(sys.argv[2], ") +
                              "\"w\"))' " + in + ' ' + out;
  if (std::system(command.c_str()) != 0) return nlohmann::json("PyYAML refused it");
  return nlohmann::json::parse(read_text_file(out));
}

}  // namespace orrery::base::test
