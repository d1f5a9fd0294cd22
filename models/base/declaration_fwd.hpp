// For headers that only declare `Declaration<T> declare(const T*)`, or a function that returns a
// DeclarationInfo: they need not read what a declaration is made of (parameters.hpp).
#pragma once

namespace orrery::base {

struct DeclarationInfo;
struct Node;
template <class T>
class Declaration;

}  // namespace orrery::base
