// SimGrid runs once per process: a test case that starts activities runs in a child.
#pragma once

#include <functional>
#include <string>

namespace orrery::engine::testing {

/// Runs `body` in a forked child and returns what went wrong there: the exception's text, "check
/// failed" lines written by `expect`, or the signal that killed it; empty when all went well.
std::string in_child(const std::function<void()>& body);

/// Inside a child: notes a failure and goes on.
void expect(bool holds, const std::string& what);
/// Inside a child: |found - wanted| <= tolerance * max(|wanted|, 1e-300).
void expect_near(double found, double wanted, double relative, const std::string& what);
/// Inside a child: exactly equal.
void expect_equal(double found, double wanted, const std::string& what);

}  // namespace orrery::engine::testing
