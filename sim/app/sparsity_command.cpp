// orrery sparsity: what each pattern keeps of a model's weights, and in how many bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>

#include "models/base/error.hpp"
#include "models/base/npy.hpp"
#include "models/base/parameters.hpp"
#include "models/base/safetensors.hpp"
#include "models/sparsity/score_field.hpp"
#include "models/sparsity/summary.hpp"
#include "models/sparsity/weights.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/refuse_option.hpp"
#include "sim/app/sparsity_prices.hpp"

namespace orrery::app {

namespace {

namespace sp = models::sparsity;
using base::Error;

struct SparsityArguments {
  std::string weights;
  bool synthetic = false;
  std::vector<std::string> patterns;
  double sparsity = 0.75;
  std::int64_t panel_width = 128;
  std::int64_t row_unit = 1;
  std::int64_t seed = 1;
  double sigma = 0.5;
  std::string layout;
  bool layers = false;
  PriceArguments price;
};

std::vector<sp::Pattern> patterns_of(const SparsityArguments& a) {
  std::vector<sp::Pattern> chosen;
  for (const std::string& name : a.patterns) {
    if (const auto pattern = sp::pattern_named(name)) {
      chosen.push_back(*pattern);
      continue;
    }
    std::vector<std::string> known;
    for (const sp::Pattern pattern : sp::all_patterns()) known.emplace_back(sp::name_of(pattern));
    const std::string near = base::nearest(name, known);
    refuse_option("--pattern",
                  "no pattern is called '" + name + "'" +
                      (near.empty() ? fmt::format("; expected some of {}", fmt::join(known, ", "))
                                    : "; did you mean '" + near + "'?"));
  }
  return chosen.empty() ? sp::all_patterns() : chosen;
}

sp::WeightLayout layout_of(const SparsityArguments& a, sp::WeightLayout usual) {
  if (a.layout == "kn") return sp::WeightLayout::inputs_first;
  if (a.layout == "nk") return sp::WeightLayout::outputs_first;
  return usual;
}

std::vector<sp::Scores> scores_of_safetensors(const SparsityArguments& a) {
  base::SafetensorsFile file(a.weights);
  std::vector<sp::Scores> layers;
  for (const base::TensorEntry& entry : file.entries()) {
    if (entry.shape.size() != 2 && entry.shape.size() != 4) continue;
    // Tables of positions are matrices of whole numbers and no weights; quantised weights are 8
    // bits wide, and reading refuses them.
    const bool whole = entry.type == "I64" || entry.type == "I32" || entry.type == "BOOL";
    if (!whole)
      layers.push_back(sp::magnitudes(file.read(entry),
                                      layout_of(a, sp::WeightLayout::outputs_first), a.weights));
  }
  if (layers.empty())
    throw Error({a.weights, 0, 0, ""},
                fmt::format("none of its {} tensors is a matrix or a convolution of floats",
                            file.entries().size()));
  return layers;
}

/// For every layer, whether its scores are known already or only its shape.
template <class Layer>
void check_panel(const SparsityArguments& a, const std::vector<Layer>& layers) {
  std::int32_t widest = 0;
  std::int32_t tallest = 0;
  for (const Layer& layer : layers) {
    widest = std::max(widest, layer.columns);
    tallest = std::max(tallest, layer.rows);
  }
  if (a.panel_width < 1 || a.panel_width > widest)
    refuse_option("--panel-width",
                  fmt::format("found {}, expected 1 to {}, the columns of the widest layer",
                              a.panel_width, widest));
  if (a.row_unit < 1 || a.row_unit > tallest)
    refuse_option("--row-unit",
                  fmt::format("found {}, expected 1 to {}, the rows of the tallest layer",
                              a.row_unit, tallest));
}

std::vector<sp::Scores> scores_of(const SparsityArguments& a) {
  if (a.synthetic == !a.weights.empty())
    refuse_option("WEIGHTS", "expected either a file of weights or --synthetic");
  if (a.synthetic) {
    if (!(a.sigma >= 0 && a.sigma <= 4))
      refuse_option("--sigma", fmt::format("found {}, expected one from 0 to 4", a.sigma));
    if (a.seed < 0)
      refuse_option("--seed", fmt::format("found {}, expected one of at least 0", a.seed));
    // Drawing the scores takes seconds.
    check_panel(a, sp::bert_base_shapes());
    return sp::score_field(sp::bert_base_shapes(), static_cast<std::uint64_t>(a.seed), a.sigma);
  }
  if (a.weights.ends_with(".npy")) {
    auto layer = sp::magnitudes(base::read_npy(a.weights),
                                layout_of(a, sp::WeightLayout::inputs_first), a.weights);
    layer.name = "array";
    return {layer};
  }
  if (a.weights.ends_with(".safetensors")) return scores_of_safetensors(a);
  throw Error({a.weights, 0, 0, ""}, "is of no known kind, expected .npy or .safetensors");
}

/// The second table: what the products of each pattern cost.
class PriceTable {
 public:
  explicit PriceTable(const SparsityPrices& prices)
      : prices_(prices), text_(price_heading(prices)) {}

  void add(sp::Pattern pattern, const std::vector<sp::Scores>& layers,
           const std::vector<sp::PrunedLayer>& pruned, bool by_layer) {
    ProductPrice sum;
    std::string lines;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const ProductPrice price = price_of(pruned[l], pattern, prices_);
      sum.add(price);
      if (by_layer) lines += price_line("  " + layers[l].name, price);
    }
    text_ += price_line(std::string(name_of(pattern)), sum) + lines;
  }
  const std::string& text() const { return text_; }

 private:
  const SparsityPrices& prices_;
  std::string text_;
};

/// One line of the table.
std::string summary_line(const std::string& name, const sp::Summary& s) {
  std::string spread = fmt::format("{:>6} {:>7} {:>6} {:>9}", "-", "-", "-", "-");
  if (s.panels > 0)
    spread = fmt::format("{:>6} {:>7.1f} {:>6} {:>9.2f}", s.least_rows, s.mean_rows(), s.most_rows,
                         s.imbalance());
  return fmt::format("{:<28} {:>8.4f} {:>8.4f} {:>7.3f} {:>7} {} {:>10.3f} {:>6.3f}\n", name,
                     s.sparsity(), s.mass.share(),
                     static_cast<double>(s.kept_columns) / static_cast<double>(s.columns), s.panels,
                     spread, s.bytes / 1e6, s.bytes / s.dense_bytes);
}

void sparsity(const SparsityArguments& a) {
  sp::PruneOptions options;
  options.sparsity = a.sparsity;
  std::vector<sp::Pattern> patterns = patterns_of(a);
  if (!(a.sparsity >= 0 && a.sparsity < 1))
    refuse_option("--sparsity", fmt::format("found {}, expected one in [0, 1)", a.sparsity));
  for (const sp::Pattern pattern : patterns) {
    options.pattern = pattern;
    try {
      // Of all patterns those are left out that cannot prune so little or so much.
      check(options);
    } catch (const std::invalid_argument& error) {
      if (!a.patterns.empty()) refuse_option("--sparsity", error.what());
    }
  }
  const std::optional<SparsityPrices> prices = sparsity_prices(a.price);
  std::optional<PriceTable> table;
  if (prices) table.emplace(*prices);
  const std::vector<sp::Scores> layers = scores_of(a);
  check_panel(a, layers);
  options.panel_width = static_cast<std::int32_t>(a.panel_width);
  options.row_unit = static_cast<std::int32_t>(a.row_unit);

  std::size_t elements = 0;
  for (const sp::Scores& layer : layers) elements += layer.values.size();
  fmt::print("{} layers, {} weights; asked: {} pruned, panels of {}\n", layers.size(), elements,
             a.sparsity, a.panel_width);
  if (a.synthetic)
    fmt::print("scores: synthetic field on the shapes of BERT-base, seed {}, sigma {}\n", a.seed,
               a.sigma);
  else
    fmt::print("scores: magnitudes of {}\n", a.weights);
  fmt::print("\n{:<28} {:>8} {:>8} {:>7} {:>7} {:>6} {:>7} {:>6} {:>9} {:>10} {:>6}\n", "pattern",
             "sparsity", "retained", "columns", "panels", "K min", "K mean", "K max", "imbalance",
             "MB", "of all");
  for (const sp::Pattern pattern : patterns) {
    options.pattern = pattern;
    try {
      check(options);
    } catch (const std::invalid_argument& error) {
      fmt::print("{:<28} left out: {}\n", name_of(pattern), error.what());
      continue;
    }
    const std::vector<sp::PrunedLayer> pruned = prune(layers, options);
    std::vector<sp::Summary> summaries;
    for (std::size_t l = 0; l < layers.size(); ++l)
      summaries.push_back(summarize(layers[l], pruned[l], options));
    fmt::print("{}", summary_line(std::string(name_of(pattern)), sum_of(summaries)));
    if (table) table->add(pattern, layers, pruned, a.layers);
    if (!a.layers) continue;
    for (std::size_t l = 0; l < layers.size(); ++l)
      fmt::print("{}", summary_line("  " + layers[l].name, summaries[l]));
  }
  if (table) fmt::print("{}", table->text());
}

}  // namespace

void add_sparsity(Command app) {
  auto arguments = std::make_shared<SparsityArguments>();
  SparsityArguments& a = *arguments;
  const Command command = app.add_subcommand(
      "sparsity", "what patterns of sparsity keep of a model's weights, and in how many bytes");
  command.add_option("WEIGHTS", a.weights, "a .npy or .safetensors file");
  command.add_flag("--synthetic", a.synthetic,
                   "instead of a file: a seeded field of scores on the shapes of BERT-base");
  command
      .add_list("--pattern", a.patterns,
                "some of ew, vw, bw, tw1, tw2, tw1m, tw2m, tvw; default all")
      .type_name("NAMES");
  command.add_option("--sparsity", a.sparsity, "share to prune, in [0, 1); default 0.75")
      .type_name("S");
  command.add_option("--panel-width", a.panel_width, "surviving columns of a panel; default 128")
      .type_name("G");
  command.add_option("--row-unit", a.row_unit, "rows of a tile that go together; default 1")
      .type_name("R");
  command.add_option("--seed", a.seed, "of --synthetic; default 1").type_name("N");
  command.add_option("--sigma", a.sigma, "how much rows and columns differ; default 0.5")
      .type_name("SIGMA");
  command
      .add_option("--layout", a.layout,
                  "kn: inputs first, the default of .npy; nk: outputs first, of .safetensors")
      .type_name("ORDER")
      .one_of({"kn", "nk"});
  command
      .add_option("--profile", a.price.profile,
                  "price the products by a measured profile (orrery-calibrate)")
      .type_name("FILE");
  command
      .add_option("--device", a.price.device,
                  "price them on this GPU type, by its data sheet where no profile is given")
      .type_name("NAME");
  command.add_option("--tokens", a.price.tokens, "rows of the input; default 4096").type_name("M");
  command.add_flag("--layers", a.layers, "a line for each layer as well");
  command.footer(
      "Examples:\n"
      "  orrery sparsity --synthetic --sparsity 0.75\n"
      "  orrery sparsity --synthetic --device a100-40g --tokens 12800\n"
      "  orrery sparsity model.safetensors --pattern tw2,tvw --layers");
  command.callback([arguments] { sparsity(*arguments); });
}

}  // namespace orrery::app
