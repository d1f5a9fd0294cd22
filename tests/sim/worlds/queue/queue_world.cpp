// A world for tests: an open queue. Requests come at random to node 0, cross the fabric to a
// server, a GPU of the ledger, and are served there for an exponential time.
#include <deque>
#include <optional>

#include "models/base/random.hpp"
#include "sim/platform/replicas.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/world/result_kinds.hpp"
#include "sim/world/simple_kind.hpp"

namespace orrery::queue {
namespace {

struct Options {
  double interarrival = 1, service = 0.5, request_bytes = 0, requests = 1000;
  std::int64_t servers = 1;
};

base::Declaration<Options> declare(const Options*) {
  base::Declaration<Options> d("An open queue.");
  d.number("interarrival", &Options::interarrival, base::Dimension::time, "mean").more_than(0);
  d.number("service", &Options::service, base::Dimension::time, "mean").more_than(0);
  d.number("request", &Options::request_bytes, base::Dimension::bytes, "sent").at_least(0);
  d.number("requests", &Options::requests, base::Dimension::none, "how many come").at_least(1);
  d.integer("servers", &Options::servers, "GPUs that serve").at_least(1);
  world::declare_list(d, "server_counts", "values of 'servers' to compare");
  return d;
}

std::string label_of(const Options& options) {
  return "c" + std::to_string(options.servers);
}

world::Section declared() {
  world::Section section{.title = "Queue"};
  section.figures = {{.key = "wait_seconds.mean",
                      .group = "Requests",
                      .label = "wait",
                      .help = "Until service begins.",
                      .unit = world::Unit::seconds,
                      .best = world::Best::least,
                      .place = world::Place::headline}};
  section.samples = {{.key = "wait_seconds.common",
                      .group = "Wait",
                      .label = "common wait",
                      .help = "Of requests served in all runs.",
                      .file = "requests.csv",
                      .id_column = "request",
                      .value_column = "start_seconds",
                      .from_column = "come_seconds",
                      .primary = true}};
  section.charts = {{.key = "wait",
                     .title = "Share of requests that waited no longer than a time",
                     .file = "requests.csv",
                     .columns = {"start_seconds", "come_seconds"},
                     .x_name = "wait"}};
  return section;
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

  void record(const world::Records& records) override {
    file_.emplace(records.folder.file("requests.csv"),
                  std::vector<std::string>{"request", "come_seconds", "start_seconds"});
  }
  void start() override {
    p_.outages.open_world();
    servers_.start();
    come();
  }
  double fraction_done() const override { return served_ / o_.requests; }
  bool open() const override { return served_ < o_.requests; }
  world::Section finish(const world::Ending&) override {
    world::Section section = declared();
    file_->close();
    if (served_ > 0) world::set(section.figures, "wait_seconds.mean", waited_ / served_);
    return section;
  }

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
    if (static_cast<double>(come_) >= o_.requests) return;
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
      work_[s].request = waiting_.front();
      waiting_.pop_front();
      const auto arrived = [this, s] {
        const double now = work_[s].request->start_seconds = p_.engine.now_seconds();
        work_[s].end = p_.engine.at(now + random_.exponential(o_.service),
                                    engine::Priority::departure, [this, s] { finish_one(s); });
      };
      work_[s].transfer =
          p_.transfers.start(platform::NodeId(0), servers_.node(s), o_.request_bytes, arrived);
    }
  }
  void lose(std::size_t s) {  // its request begins anew elsewhere
    p_.transfers.cancel(work_[s].transfer);
    p_.engine.cancel(work_[s].end);
    if (work_[s].request) waiting_.push_front(*work_[s].request);
    work_[s].request.reset();
    serve();
  }
  void finish_one(std::size_t s) {
    const Request& r = *work_[s].request;
    file_->row().field(r.id).field(r.come_seconds).field(r.start_seconds);
    file_->end_row();
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
  std::int64_t come_ = 0;
  double served_ = 0, waited_ = 0;
  std::optional<report::CsvFile> file_;
};

world::WorldKind kind() {
  auto kind = world::simple_kind<Queue, Options>("queue", "an open queue, for tests");
  kind.can_be_placed = true;
  kind.alternatives = world::alternatives_of<"server_counts", "servers">;
  kind.explain = world::row_story<declared>;
  return kind;
}

const auto* const results = world::result_kinds().add({"queue", declared});
const auto* const registered = world::kinds().add(kind());

}  // namespace
}  // namespace orrery::queue
