#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "calibrate/kernels/transfer/channel.hpp"

namespace orrery::calibrate::transfer {

namespace {

class Socket {
 public:
  Socket() : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit Socket(int file) : file_(file) {}
  Socket(Socket&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }
  int file() const { return file_; }

 private:
  int file_;
};

class LoopbackEnd : public End {
 public:
  explicit LoopbackEnd(Socket socket) : socket_(std::move(socket)) {
    const int yes = 1;
    ::setsockopt(socket_.file(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  }

  bool send(std::span<const std::byte> message) override {
    while (!message.empty()) {
      const ssize_t sent = ::send(socket_.file(), message.data(), message.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      message = message.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool receive(std::span<std::byte> message) override {
    while (!message.empty()) {
      const ssize_t came = ::recv(socket_.file(), message.data(), message.size(), 0);
      if (came < 0 && errno == EINTR) continue;
      if (came <= 0) return false;
      message = message.subspan(static_cast<std::size_t>(came));
    }
    return true;
  }

  void close() override { ::shutdown(socket_.file(), SHUT_RDWR); }

 private:
  Socket socket_;
};

}  // namespace

Channel loopback_channel(std::string& absent) {
  struct sockaddr_in address {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<struct sockaddr*>(&address);
  const Socket listener;
  Socket here;
  const auto fails = [&](bool failed) {
    if (failed) absent = std::string("no sockets on 127.0.0.1: ") + std::strerror(errno);
    return failed;
  };
  if (fails(listener.file() < 0 || here.file() < 0) ||
      fails(::bind(listener.file(), generic, length) != 0) ||
      fails(::listen(listener.file(), 1) != 0) ||
      fails(::getsockname(listener.file(), generic, &length) != 0) ||
      fails(::connect(here.file(), generic, length) != 0))
    return {};
  Socket there(::accept4(listener.file(), nullptr, nullptr, SOCK_CLOEXEC));
  if (fails(there.file() < 0)) return {};
  return {std::make_unique<LoopbackEnd>(std::move(here)),
          std::make_unique<LoopbackEnd>(std::move(there))};
}

}  // namespace orrery::calibrate::transfer
