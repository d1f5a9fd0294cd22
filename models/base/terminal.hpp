// What a program says to people: text that no terminal takes for commands, on streams that may be
// closed or full.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace orrery::base {

/// To be called first in main. A standard stream that is closed gets /dev/null, so that no file of
/// results ever stands in its place; a file that grows over the limit of the shell is an error of
/// the write, not the end of the process.
void prepare_streams();

/// The text with its control characters written as `\x1b`, but for line ends and tabs: names out of
/// files cannot move a terminal's cursor or change its colours.
std::string printable(std::string_view text);

/// Writes to a stream and flushes it; where that fails nobody is left to be told.
void say(std::FILE* stream, std::string_view text);

/// Whether all that was printed has reached standard output.
bool output_is_complete();

}  // namespace orrery::base
