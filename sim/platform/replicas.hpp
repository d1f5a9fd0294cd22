// Equal replicas of a service, each on GPUs of its own: taken from the ledger, or placed by another
// world's policy. They lose their GPUs with a node and get others as soon as there are some.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/platform/platform.hpp"

namespace orrery::platform {

class Replicas {
 public:
  /// What becomes of a replica; asked for, GPUs may come at any later instant.
  struct Events {
    std::function<void(std::size_t replica)> gained;
    std::function<void(std::size_t replica)> lost;
  };
  struct Config {
    std::string name;       ///< of the world
    std::string placed_by;  ///< the world whose policy places them; empty: they take what is free
    std::size_t count = 1;
    std::int32_t gpus = 1;  ///< of each, on one node
    /// Without GPUs at the start it waits for them; false: the run fails with a sentence that says
    /// who has them.
    bool wait = true;
  };

  /// Throws base::Error when the platform has not enough GPUs for all of them.
  Replicas(Platform& platform, Config config, Events events);
  Replicas(const Replicas&) = delete;
  Replicas& operator=(const Replicas&) = delete;

  /// Asks for GPUs from now on: after all else that happens at an instant, so that whoever plans
  /// goes first.
  void start();
  /// Gives all GPUs back and asks for no more.
  void close();

  std::size_t size() const { return at_.size(); }
  bool is_placed(std::size_t replica) const { return !at_[replica].empty(); }
  /// The node of a placed replica.
  NodeId node(std::size_t replica) const { return at_[replica].front().node; }

 private:
  void request();
  void take();
  void leave(NodeId node);
  void lose(std::size_t replica);
  void check_all_placed() const;

  Platform& platform_;
  const Config config_;
  const Events events_;
  HolderId holder_;
  std::vector<Placement> at_;                                  // by replica; empty: none
  std::vector<std::shared_ptr<std::function<void()>>> leave_;  // by replica, where a host places it
  bool open_ = false;
  bool requested_ = false;
  bool begun_ = false;
};

}  // namespace orrery::platform
