#include "sim/experiment/run_id.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "models/base/canonical.hpp"
#include "models/base/document_paths.hpp"
#include "models/base/hash.hpp"
#include "sim/experiment/schema.hpp"
#include "sim/experiment/world_items.hpp"

namespace orrery::experiment {

namespace {

using base::Node;

constexpr std::size_t kDigits = 16;
constexpr std::string_view kSeed = "seed";

/// A file in memory, mapped: traces may be large.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) fail(path);
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (known && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    }
    const int reason = errno;
    ::close(file);
    errno = reason;
    if (!known) throw base::Error({path, 0, 0, ""}, "is not a regular file");
    if (data_ == MAP_FAILED) fail(path);
  }
  ~MappedFile() {
    if (data_ != nullptr && data_ != MAP_FAILED) ::munmap(data_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const {
    return data_ == nullptr ? std::string_view{}
                            : std::string_view(static_cast<const char*>(data_), size_);
  }

 private:
  [[noreturn]] static void fail(const std::string& path) {
    throw base::Error({path, 0, 0, ""}, std::string("cannot be read: ") + std::strerror(errno));
  }
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

void sort_keys(Node& node) {
  for (Node& item : node.items) sort_keys(item);
  for (base::Entry& entry : node.entries) sort_keys(entry.value);
  std::sort(node.entries.begin(), node.entries.end(),
            [](const base::Entry& a, const base::Entry& b) { return a.key < b.key; });
}

/// The lines of a mapping's entries.
std::string entries_text(const Node& mapping) {
  return mapping.entries.empty() ? "" : base::to_yaml(mapping);
}

/// The files that the experiment names, by key.
std::vector<world::Input> named_inputs(const Experiment& experiment) {
  std::vector<world::Input> inputs;
  for (const ExperimentWorld& world : experiment.worlds)
    for (world::Input& input : world.setup->inputs()) {
      if (!world.name.empty()) input.key = world.name + ' ' + input.key;
      inputs.push_back(std::move(input));
    }
  if (experiment.platform.failures && !experiment.platform.failures->trace_path.empty())
    inputs.push_back({"cluster.failures.trace", experiment.platform.failures->trace_path});
  return inputs;
}

}  // namespace

Node canonical(Node document) {
  if (!is_long_form(document)) {
    const base::DeclarationInfo& keys = short_form_schema(kind_of(document));
    return base::canonical(std::move(document), keys);
  }
  document = base::canonical(std::move(document), long_form_schema());
  Node& list = *document.find("worlds");
  for (Node& item : list.items)
    if (item.is_mapping()) {
      const base::DeclarationInfo keys = item_schema(kind_of(item));
      item = base::canonical(std::move(item), keys);
    }
  // Results do not depend on the order in which worlds are listed.
  const auto name_of = [](const Node& item) {
    const Node* name = item.is_mapping() ? item.find("name") : nullptr;
    return name == nullptr ? std::string() : name->text;
  };
  std::ranges::stable_sort(list.items, {}, name_of);
  return document;
}

const std::string& FileHashes::of(const std::string& path) {
  const auto found = known_.find(path);
  if (found != known_.end()) return found->second;
  return known_.emplace(path, base::sha256_hex(MappedFile(path).bytes())).first->second;
}

RunIds::RunIds(const Node& document, const Experiment& experiment, FileHashes& hashes) {
  Node sorted = document;
  sort_keys(sorted);
  Node before = base::empty_mapping(document.where);
  Node after = before;
  for (base::Entry& entry : sorted.entries)
    if (entry.key != kSeed)
      (entry.key < kSeed ? before : after).entries.push_back(std::move(entry));
  before_ = entries_text(before);
  after_ = entries_text(after);
  for (const world::Input& input : named_inputs(experiment))
    if (!std::filesystem::is_directory(input.path))
      after_ += input.key + " " + hashes.of(input.path) + '\n';
}

std::string RunIds::of(std::uint64_t seed) const {
  const std::string line = std::string(kSeed) + ": " + std::to_string(seed) + '\n';
  return base::sha256_hex(before_ + line + after_).substr(0, kDigits);
}

std::vector<std::string> named_paths(const Experiment& experiment) {
  std::vector<std::string> paths;
  for (world::Input& input : named_inputs(experiment)) paths.push_back(std::move(input.path));
  return paths;
}

std::string unnamed_files(const Experiment& experiment, const std::vector<std::string>& opened,
                          FileHashes& hashes) {
  const std::vector<world::Input> named = named_inputs(experiment);
  std::string text;
  for (const std::string& path : opened) {
    bool known = false;
    std::string name;  // below a folder that is named: its files may stand for anything
    for (const world::Input& input : named) {
      known = known || input.path == path;
      if (path.starts_with(input.path + '/')) name = path.substr(input.path.size());
    }
    if (!known) text += "opened " + name + ' ' + hashes.of(path) + '\n';
  }
  return text;
}

std::string with_opened(const std::string& id, const std::string& unnamed) {
  return unnamed.empty() ? id : base::sha256_hex(id + '\n' + unnamed).substr(0, kDigits);
}

}  // namespace orrery::experiment
