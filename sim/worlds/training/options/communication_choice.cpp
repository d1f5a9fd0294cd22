#include "sim/worlds/training/options/communication_choice.hpp"

#include "models/base/document_files.hpp"
#include "traces/arena_communication.hpp"

namespace orrery::training {

base::Declaration<CommunicationChoice> declare(const CommunicationChoice*) {
  using C = CommunicationChoice;
  base::Declaration<C> d("What jobs on several nodes send over a shared fabric.");
  d.custom(
      "breakdown", "text",
      [](C& out, const base::Node& n) { out.breakdown_path = resolve_existing_file(n); },
      "estimated breakdown of the Crius (Arena) artifact, CSV: the part of an iteration that is "
      "communication, by model and allocation; relative to the experiment's file, may begin with "
      "${ORRERY_DATA}");
  d.number("part_if_unknown", &C::part_if_unknown, base::Dimension::none,
           "part of an iteration that is communication where neither a breakdown nor the estimator "
           "knows the job: one data-parallel ring")
      .at_least(0)
      .at_most(1);
  return d;
}

CommunicationChoice read_communication_choice(const base::Node& node) {
  return base::read<CommunicationChoice>(node);
}

base::DeclarationInfo communication_schema() {
  return base::describe<CommunicationChoice>();
}

CommunicationConfig make_communication(const CommunicationChoice& choice,
                                       platform::Network network) {
  CommunicationConfig out;
  out.assumed_part = choice.part_if_unknown;
  if (network == platform::Network::shared && !choice.breakdown_path.empty())
    out.table = std::make_shared<models::CommunicationTable>(
        traces::read_arena_communication(choice.breakdown_path));
  return out;
}

}  // namespace orrery::training
