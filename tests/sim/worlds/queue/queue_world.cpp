// A world for tests: an open queue. Requests come at random to one node, cross the fabric to a
// server, a GPU of the ledger, and are served there for an exponential time.
#include <deque>
#include <optional>

#include "models/base/csv.hpp"
#include "models/base/random.hpp"
#include "sim/platform/replicas.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/world/simple_kind.hpp"

namespace orrery::queue {
namespace {

using platform::NodeId;

enum class Next { first, last };
struct Options {
  double interarrival = 1, service = 0.5, request_bytes = 0;
  std::int64_t servers = 1, requests = 1000;
  Next next = Next::first;
};

void expanded(Options&, const base::Node& node) { throw base::Error(node.where, "is expanded"); }

base::Declaration<Options> declare(const Options*) {
  base::Declaration<Options> d("An open queue.");
  d.number("interarrival", &Options::interarrival, base::Dimension::time, "mean").more_than(0);
  d.number("service", &Options::service, base::Dimension::time, "mean").more_than(0);
  d.number("request", &Options::request_bytes, base::Dimension::bytes, "sent").at_least(0);
  d.integer("servers", &Options::servers, "GPUs that serve").at_least(1);
  d.integer("requests", &Options::requests, "how many come").at_least(1);
  d.choice("next", &Options::next, {{"first", Next::first}, {"last", Next::last}}, "who is next");
  d.custom("orders", "list of text", expanded, "values of 'next' to compare");
  return d;
}

std::string label_of(const Options& options) {
  return options.next == Next::first ? "first" : "last";
}

class Queue final : public world::World {
 public:
  Queue(const Options& options, platform::Platform& platform, const world::Settings& settings)
      : o_(options),
        p_(platform),
        random_(settings.seed, "queue"),
        servers_(platform,
                 {settings.name, settings.placed_by, static_cast<std::size_t>(options.servers)},
                 {[this](std::size_t) { serve(); }, [this](std::size_t s) { lose(s); }}),
        work_(servers_.size()) {}

  std::string contents() const override { return std::to_string(o_.requests) + " requests"; }
  void record(const world::Records& records) override {
    file_.emplace(records.directory + "/requests.csv",
                  std::vector<std::string>{"request", "come_seconds", "start_seconds", "node"});
  }
  void start() override {
    p_.outages.open_world();
    servers_.start();
    come();
  }
  double fraction_done() const override {
    return static_cast<double>(served_) / static_cast<double>(o_.requests);
  }
  bool open() const override { return served_ < o_.requests; }
  world::Section finish(const world::Ending&) override;

 private:
  struct Request {
    std::int64_t id = 0;
    double come_seconds = 0, start_seconds = 0;
  };
  struct Work {
    std::optional<Request> request;
    platform::TransferId transfer;
    engine::EventHandle end;
  };

  void come() {
    if (come_ == o_.requests) return;
    const double at = p_.engine.now_seconds() + random_.exponential(o_.interarrival);
    p_.engine.at(at, engine::Priority::arrival, [this] {
      waiting_.push_back({come_++, p_.engine.now_seconds()});
      come();
      serve();
    });
  }
  void serve() {
    for (std::size_t s = 0; s < work_.size() && !waiting_.empty(); ++s) {
      if (!servers_.is_placed(s) || work_[s].request) continue;
      const auto at = o_.next == Next::first ? waiting_.begin() : waiting_.end() - 1;
      work_[s].request = *at;
      waiting_.erase(at);
      work_[s].transfer = p_.transfers.start(NodeId(0), servers_.node(s), o_.request_bytes, [=] {
        work_[s].request->start_seconds = p_.engine.now_seconds();
        const double end = p_.engine.now_seconds() + random_.exponential(o_.service);
        work_[s].end = p_.engine.at(end, engine::Priority::departure, [=] { finish_one(s); });
      });
    }
  }
  void lose(std::size_t s) {  // the request begins anew elsewhere
    p_.transfers.cancel(work_[s].transfer);
    p_.engine.cancel(work_[s].end);
    if (work_[s].request) waiting_.push_front(*work_[s].request);
    work_[s].request.reset();
    serve();
  }
  void finish_one(std::size_t s) {
    const Request& r = *work_[s].request;
    if (file_) {
      file_->row().field(r.id).field(r.come_seconds).field(r.start_seconds);
      file_->row().field(static_cast<std::int64_t>(servers_.node(s).index()));
      file_->end_row();
    }
    waited_ += r.start_seconds - r.come_seconds;
    work_[s].request.reset();
    if (++served_ < o_.requests) return serve();
    servers_.close();
    p_.outages.close_world();
  }

  const Options o_;
  platform::Platform& p_;
  base::RandomStream random_;
  platform::Replicas servers_;
  std::vector<Work> work_;  // by server
  std::deque<Request> waiting_;
  std::int64_t come_ = 0, served_ = 0;
  double waited_ = 0;
  std::optional<report::CsvFile> file_;
};

#include "tests/sim/worlds/queue/queue_section.inc"

}  // namespace
}  // namespace orrery::queue
