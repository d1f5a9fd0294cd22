// Two ends between which whole messages go, of two threads of this process.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace orrery::calibrate::transfer {

/// One end. send and receive block until the whole message went or came; both return false once the
/// channel was closed from either side. Each end belongs to one thread.
class End {
 public:
  virtual ~End() = default;
  virtual bool send(std::span<const std::byte> message) = 0;
  virtual bool receive(std::span<std::byte> message) = 0;
  /// Wakes both ends; nothing goes through afterwards.
  virtual void close() = 0;
};

struct Channel {
  std::unique_ptr<End> here;
  std::unique_ptr<End> there;
};

/// Through a shared mapping: a ring of chunks in each direction, copied in and copied out, as
/// processes of one machine exchange bytes. Throws OutOfMemory where there is no memory.
Channel shared_memory_channel();

/// Through TCP sockets on 127.0.0.1. An empty channel where this machine has no loopback, and
/// `absent` then says why.
Channel loopback_channel(std::string& absent);

}  // namespace orrery::calibrate::transfer
