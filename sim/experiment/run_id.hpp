// What identifies a run: the experiment as written and the content of the files it reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "sim/experiment/experiment.hpp"

namespace orrery::experiment {

/// The document with its keys in the order of the schema: what `experiment.yaml` holds.
base::Node canonical(base::Node document);

/// SHA-256 of files, each hashed once however many runs read it.
class FileHashes {
 public:
  /// Throws base::Error when the file cannot be read.
  const std::string& of(const std::string& path);

 private:
  std::map<std::string, std::string> known_;
};

/// The ids of runs that differ in their seeds only: the first 16 hexadecimal digits of the SHA-256
/// of the document (the order of its keys does not matter, its paths count as written) and of the
/// files that it names, so that the same experiment has the same id in another folder, and another
/// id when a trace changes.
class RunIds {
 public:
  /// `document` is resolved: it has a seed. Throws base::Error when a file cannot be read.
  RunIds(const base::Node& document, const Experiment& experiment, FileHashes& hashes);

  std::string of(std::uint64_t seed) const;

 private:
  std::string before_, after_;  ///< what is hashed before and behind the line of the seed
};

/// The files and folders that the experiment names.
std::vector<std::string> named_paths(const Experiment& experiment);

/// The files that were opened though no key of the experiment names them (the tables of a folder, a
/// file that a trace names), by their content: one line each, in the order of opening.
std::string unnamed_files(const Experiment& experiment, const std::vector<std::string>& opened,
                          FileHashes& hashes);

/// The id of a run that opened `unnamed` files beside those that its experiment names.
std::string with_opened(const std::string& id, const std::string& unnamed);

}  // namespace orrery::experiment
