#include "models/base/registry.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace orrery::base;

namespace {

struct Dish {
  std::string name;
  int price = 0;
};

/// As a registry of the project is kept: made by the first registration that needs it.
Registry<Dish>& dishes() {
  static Registry<Dish> all("dish");
  return all;
}
// Registered before main.
const Dish* const soup = dishes().add({"soup", 4});

struct Constant {
  std::string_view name;
};

const Where kWhere{"menu.yaml", 3, 9, "dish.name"};

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.where() == kWhere);
    return error.sentence();
  }
  return "not refused";
}

template <class Call>
std::string mistake(Call call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no mistake";
}

}  // namespace

TEST_CASE("entries are found by name and listed in the order of names") {
  Registry<Dish> menu("dish");
  CHECK(menu.all().empty());
  const Dish* pie = menu.add({"pie", 9});
  const Dish* bread = menu.add({"bread", 2});
  CHECK(pie->price == 9);
  CHECK(menu.find("pie") == pie);
  CHECK(menu.find("bread") == bread);
  CHECK(menu.find("pi") == nullptr);
  CHECK(menu.find("") == nullptr);
  CHECK(&menu.named("bread", kWhere) == bread);
  CHECK(menu.all() == std::vector<const Dish*>{bread, pie});
}

TEST_CASE("a registration before main is there") {
  CHECK(dishes().find("soup") == soup);
  CHECK(soup->price == 4);
}

TEST_CASE("entries stay where they are") {
  Registry<Dish> menu("dish");
  const Dish* first = menu.add({"m", 1});
  for (int i = 0; i < 1000; ++i) menu.add({std::to_string(i), i});
  CHECK(menu.find("m") == first);
  CHECK(first->price == 1);
}

TEST_CASE("a name is registered once, and the first entry stays") {
  Registry<Dish> menu("dish");
  menu.add({"pie", 9});
  CHECK(mistake([&] { menu.add({"pie", 1}); }) == "the dish 'pie' is registered twice");
  CHECK(menu.find("pie")->price == 9);
  CHECK(menu.all().size() == 1);
  CHECK(mistake([&] { menu.add({"", 1}); }) == "registered without a name: dish");
  CHECK(menu.all().size() == 1);
}

TEST_CASE("an unknown name is answered with the nearest, or with all") {
  Registry<Dish> menu("dish");
  CHECK(refusal([&] { menu.named("pie", kWhere); }) ==
        "no dish is called 'pie'; this version has none");
  menu.add({"pie", 9});
  menu.add({"dumpling", 5});
  CHECK(refusal([&] { menu.named("dumplin", kWhere); }) ==
        "no dish is called 'dumplin'; did you mean 'dumpling'?");
  CHECK(refusal([&] { menu.named("fondue", kWhere); }) ==
        "no dish is called 'fondue'; this version has dumpling, pie");
  CHECK(refusal([&] { menu.named("", kWhere); }) ==
        "no dish is called ''; this version has dumpling, pie");
}

TEST_CASE("where a command lists the names, it is named instead of all of them") {
  Registry<Constant> constants("constant", "orrery list constants");
  constants.add({"alpha"});
  CHECK(refusal([&] { constants.named("omega", kWhere); }) ==
        "no constant is called 'omega'; 'orrery list constants' shows all");
  CHECK(refusal([&] { constants.named("alhpa", kWhere); }) ==
        "no constant is called 'alhpa'; did you mean 'alpha'?");
}
