#include "sim/world/simple_kind.hpp"

#include "models/base/csv.hpp"

namespace orrery::world {

Alternatives alternatives_of(const base::Node& item, const std::string& list,
                             const std::string& key) {
  const base::Node* values = item.find(list);
  if (values == nullptr) return {{}, std::vector<std::vector<base::Entry>>(1)};
  if (const base::Node* one = item.find(key))
    throw base::Error(one->where,
                      "found both '" + key + "' and '" + list + "', expected one of them");
  base::detail::check_sequence(*values);
  if (values->items.empty())
    throw base::Error(values->where, "the list is empty; at least one value is needed");
  Alternatives out{{list}, {}};
  for (const base::Node& value : values->items) out.chosen.push_back({{key, value.where, value}});
  return out;
}

std::string row_story(const std::string& directory, const Samples& samples,
                      const std::string& subject) {
  base::CsvReader rows(directory + "/" + samples.file);
  const std::size_t id = rows.column(samples.id_column);
  while (rows.next()) {
    if (rows[id] != subject) continue;
    std::string story = samples.id_column + " " + subject;
    for (std::size_t c = 0; c < rows.header().size(); ++c)
      if (c != id)
        story += (c == (id == 0 ? 1 : 0) ? ": " : ", ") + rows.header()[c] + " " +
                 (rows[c].empty() ? "never" : std::string(rows[c]));
    return story + ".\n";
  }
  throw base::Error({directory + "/" + samples.file, 0, 0, samples.id_column},
                    "no row is of '" + subject + "'");
}

}  // namespace orrery::world
