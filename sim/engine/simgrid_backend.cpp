#include "sim/engine/simgrid_backend.hpp"

#include <signal.h>
#include <xbt/log.h>
#include <simgrid/kernel/resource/Action.hpp>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/kernel/routing/NetPoint.hpp>
#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "models/base/error.hpp"

namespace orrery::engine {

namespace {

namespace sg4 = simgrid::s4u;
using simgrid::kernel::routing::NetPoint;
using simgrid::kernel::routing::NetZoneImpl;
using simgrid::kernel::routing::Route;
using LinkImpl = simgrid::kernel::resource::StandardLinkImpl;

// A zone whose only route is the one prepared for the transfer that is about to start: routes are
// the platform's business, and no table of all pairs is ever built.
class PreparedRouteZone : public NetZoneImpl {
 public:
  explicit PreparedRouteZone(const std::string& name) : NetZoneImpl(name) {}
  std::vector<LinkImpl*> prepared;

 private:
  void get_local_route(const NetPoint*, const NetPoint*, Route* into, double*) override {
    into->link_list_ = prepared;
  }
};

bool backend_existed = false;

// SimGrid counts whole bytes; in 1/1024 bytes a small transfer keeps its fraction.
constexpr double kPartsPerByte = 1024;

// A flow without an end has more left than it can ever carry; a date this late never comes.
constexpr double kEndlessParts = 1e300;
constexpr double kNeverSeconds = 1e100;

// SimGrid takes over Ctrl-C and crashes when it starts: what the program had set comes back.
class KeepHandler {
 public:
  explicit KeepHandler(int number) : number_(number) { sigaction(number, nullptr, &before_); }
  ~KeepHandler() { sigaction(number_, &before_, nullptr); }
  KeepHandler(const KeepHandler&) = delete;
  KeepHandler& operator=(const KeepHandler&) = delete;

 private:
  int number_;
  struct sigaction before_ {};
};

// SimGrid's settings. CM02 without cross traffic is plain max-min sharing. Dates closer than the
// precision count as one; at the default of 10 us short transfers would end together.
std::unique_ptr<sg4::Engine> make_simgrid() {
  const KeepHandler interrupt(SIGINT);
  const KeepHandler fault(SIGSEGV);
  xbt_log_control_set("root.thres:critical");
  static int argc = 1;
  static char name[] = "orrery";
  static char* argv[] = {name, nullptr};
  auto engine = std::make_unique<sg4::Engine>(&argc, argv);
  sg4::Engine::set_config("network/model:CM02");
  sg4::Engine::set_config("network/crosstraffic:0");
  sg4::Engine::set_config("surf/precision:1e-9");
  return engine;
}

}  // namespace

struct SimgridBackend::State {
  struct Running {
    Key key;
    sg4::ActivityPtr activity;
  };

  std::unique_ptr<sg4::Engine> simgrid;
  PreparedRouteZone* zone = nullptr;  // owned by SimGrid
  sg4::Host* source = nullptr;
  sg4::Host* destination = nullptr;
  std::vector<sg4::Host*> hosts;
  std::vector<LinkImpl*> links;
  simgrid::kernel::resource::Model* network = nullptr;
  struct Flow {
    sg4::CommPtr comm;
    simgrid::kernel::resource::Action* action = nullptr;
  };
  std::unordered_map<Key, Flow> flows;
  std::unordered_map<const sg4::Activity*, Running> running;
  std::unordered_map<Key, const sg4::Activity*> by_key;
  std::vector<Key> completed;
  // SimGrid still uses a finished or cancelled activity until it has turned once more.
  std::vector<sg4::ActivityPtr> spent;
  std::optional<double> next;

  void build(const Resources& resources);
  void turn(double seconds);
  void advance_to(double seconds);
  void hold(Key key, sg4::ActivityPtr activity);
  void drop(sg4::ActivityPtr activity);
  sg4::CommPtr start_comm(const std::vector<LinkId>& over, double bytes, double now_seconds);
  void on_completion(const sg4::Activity& activity);
};

void SimgridBackend::State::build(const Resources& resources) {
  // The first zone becomes the root and brings the models; SimGrid frees both.
  NetZoneImpl* root = sg4::create_full_zone("root")->get_impl();
  zone = new PreparedRouteZone("platform");
  zone->set_parent(root);
  source = zone->create_host("source", {1.0});
  destination = zone->create_host("destination", {1.0});
  for (std::size_t i = 0; i < resources.hosts.size(); ++i) {
    const double speed = resources.hosts[i].flops_per_second;
    hosts.push_back(zone->create_host("host-" + std::to_string(i), {speed}));
  }
  for (std::size_t i = 0; i < resources.links.size(); ++i) {
    // No latency here: SimGrid would let it weigh on the shares. The engine delays the start.
    const double rate = resources.links[i].bytes_per_second * kPartsPerByte;
    sg4::Link* link = zone->create_link("link-" + std::to_string(i), {rate});
    link->set_latency(0.0)->seal();
    links.push_back(link->get_impl());
  }
  for (sg4::Host* host : hosts) host->seal();
  source->seal();
  destination->seal();
  zone->seal();
  simgrid->seal_platform();
  for (auto* model : simgrid->get_all_models()) {
    if (model->get_name() == "Network_CM02") network = model;
  }
  assert(network != nullptr);
}

void SimgridBackend::State::turn(double seconds) {
  next.reset();
  simgrid->run_until(std::max(seconds, sg4::Engine::get_clock()));
  spent.clear();
}

void SimgridBackend::State::advance_to(double seconds) {
  // run_until comes back early when it meets an event just before its date.
  while (sg4::Engine::get_clock() < seconds) turn(seconds);
}

void SimgridBackend::State::hold(Key key, sg4::ActivityPtr activity) {
  next.reset();
  by_key.emplace(key, activity.get());
  const sg4::Activity* raw = activity.get();
  running.emplace(raw, Running{key, std::move(activity)});
}

void SimgridBackend::State::drop(sg4::ActivityPtr activity) {
  next.reset();
  // cancel alone would leave the others' rates as they were at this instant.
  activity->suspend();
  activity->cancel();
  spent.push_back(std::move(activity));
}

sg4::CommPtr SimgridBackend::State::start_comm(const std::vector<LinkId>& over, double bytes,
                                               double now_seconds) {
  assert(!over.empty());
  advance_to(now_seconds);
  next.reset();
  zone->prepared.clear();
  for (const LinkId link : over) zone->prepared.push_back(links[link.index()]);
  // The destination comes last, because it starts the transfer by itself.
  sg4::CommPtr comm = sg4::Comm::sendto_init();
  comm->set_payload_size(static_cast<std::uint64_t>(std::llround(bytes * kPartsPerByte)));
  comm->set_source(source);
  comm->set_destination(destination);
  return comm;
}

void SimgridBackend::State::on_completion(const sg4::Activity& activity) {
  const auto found = running.find(&activity);
  if (found == running.end()) return;
  completed.push_back(found->second.key);
  by_key.erase(found->second.key);
  spent.push_back(std::move(found->second.activity));
  running.erase(found);
}

SimgridBackend::SimgridBackend(const Resources& resources) : state_(std::make_unique<State>()) {
  if (backend_existed) {
    throw base::Error({},
                      "this process already ran a simulation with shared resources and can run "
                      "only one; expected each further one in a process of its own",
                      base::Fault::run_failed);
  }
  backend_existed = true;
  state_->simgrid = make_simgrid();
  state_->build(resources);
  sg4::Activity::on_completion_cb(
      [state = state_.get()](const sg4::Activity& activity) { state->on_completion(activity); });
}

SimgridBackend::~SimgridBackend() {
  // SimGrid complains, at length, of transfers destroyed while they run.
  const double now = sg4::Engine::get_clock();
  while (!state_->by_key.empty()) cancel(state_->by_key.begin()->first, now);
  while (!state_->flows.empty()) stop_flow(state_->flows.begin()->first, now);
  state_->turn(now);
}

bool SimgridBackend::existed() {
  return backend_existed;
}

void SimgridBackend::start_transfer(Key key, const std::vector<LinkId>& links, double bytes,
                                    double now_seconds) {
  State& s = *state_;
  s.hold(key, s.start_comm(links, bytes, now_seconds));
}

void SimgridBackend::start_compute(Key key, HostId host, double flops, double now_seconds) {
  State& s = *state_;
  s.advance_to(now_seconds);
  sg4::ExecPtr exec = sg4::Exec::init();
  exec->set_flops_amount(flops);
  exec->set_host(s.hosts[host.index()]);
  exec->vetoable_start();
  s.hold(key, exec);
}

void SimgridBackend::cancel(Key key, double now_seconds) {
  State& s = *state_;
  const auto found = s.by_key.find(key);
  if (found == s.by_key.end()) return;
  s.advance_to(now_seconds);
  const auto again = s.by_key.find(key);
  if (again == s.by_key.end()) return;
  const auto running = s.running.find(again->second);
  sg4::ActivityPtr activity = std::move(running->second.activity);
  s.running.erase(running);
  s.by_key.erase(again);
  s.drop(std::move(activity));
}

void SimgridBackend::start_flow(Key key, const std::vector<LinkId>& links, double now_seconds) {
  State& s = *state_;
  sg4::CommPtr comm = s.start_comm(links, 1, now_seconds);
  auto* action = &s.network->get_started_action_set()->back();
  action->set_remains(kEndlessParts);
  s.flows.emplace(key, State::Flow{std::move(comm), action});
}

void SimgridBackend::stop_flow(Key key, double now_seconds) {
  State& s = *state_;
  s.advance_to(now_seconds);
  const auto found = s.flows.find(key);
  s.drop(std::move(found->second.comm));
  s.flows.erase(found);
}

double SimgridBackend::flow_rate(Key key) {
  // Asking for the next date solves, once after each change.
  next_seconds();
  return state_->flows.at(key).action->get_rate() / kPartsPerByte;
}

std::size_t SimgridBackend::running() const {
  return state_->running.size();
}

double SimgridBackend::next_seconds() {
  State& s = *state_;
  if (!s.next) {
    const double now = sg4::Engine::get_clock();
    double next = std::numeric_limits<double>::infinity();
    for (auto* model : s.simgrid->get_all_models()) {
      const double delta = model->next_occurring_event(now);
      if (delta >= 0) next = std::min(next, now + delta);
    }
    s.next = next < kNeverSeconds ? next : std::numeric_limits<double>::infinity();
  }
  return *s.next;
}

void SimgridBackend::advance_to(double seconds) {
  state_->turn(seconds);
  state_->advance_to(seconds);
}

bool SimgridBackend::has_completed() const {
  return !state_->completed.empty();
}

std::vector<SimgridBackend::Key> SimgridBackend::take_completed() {
  std::vector<Key> completed = std::exchange(state_->completed, {});
  std::sort(completed.begin(), completed.end());
  return completed;
}

}  // namespace orrery::engine
