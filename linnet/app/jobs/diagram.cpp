#include <fmt/format.h>

#include "linnet/app/job.h"
#include "linnet/app/model_file.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/interpret/diagrams.h"
#include "linnet/io/atomic_file.h"
#include "linnet/io/file_text.h"
#include "linnet/train/learner_file.h"

namespace linnet {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDiagramWhere = "diagram";

std::vector<Field> diagram_fields() {
  using enum FieldKind;
  return {{.name = "kind",
           .kind = choice,
           .help = "loop: how it learns; data: the road of an item; model: the network by block",
           .choices = {"loop", "data", "model"},
           .positional = true,
           .required = true},
          {.name = "model",
           .kind = path,
           .help = "a model.safetensors that `linnet train` wrote, or the run's folder",
           .positional = true,
           .required = true},
          {.name = "out",
           .kind = path,
           .help = "the file to write, .svg or .png",
           .preset_note = "KIND.svg",
           .placeholder = "FILE"}};
}

std::string format_of(const fs::path& file) {
  const std::string ending = to_lower(file.extension().string());
  if (ending == ".svg" || ending == ".png") return ending.substr(1);
  throw UsageError(
      kDiagramWhere,
      fmt::format("--out: got {}, expected a file that ends in .svg or .png", file.string()));
}

// The rate and the optimizer are the run's, which the model alone does not know.
void add_run_facts(const fs::path& model, TrainingFacts& facts) {
  const fs::path config = model.parent_path() / "config.json";
  if (!fs::exists(config)) return;
  const Json run = Json::parse(file_text(config, kDiagramWhere));
  const Json* values = run.find("values");
  const Json* lr = values != nullptr ? values->find("lr") : nullptr;
  if (lr != nullptr && lr->is_number()) facts.lr = lr->as_double();
  const Json* optimizer = run.find("optimizer");
  if (optimizer != nullptr && optimizer->is_string()) facts.optimizer = optimizer->as_string();
}

Diagram diagram_of(const std::string& kind, const fs::path& model, Reporter& reporter) {
  const Learner learn = load_learner(model, {.reporter = &reporter});
  if (kind == "data") return data_diagram(learn);
  if (kind == "model") return model_diagram(learn);
  TrainingFacts facts = training_facts(read_learner_card(model));
  add_run_facts(model, facts);
  return loop_diagram(learn, facts);
}

Json run_diagram(const Request& request, Reporter& reporter) {
  const std::string& kind = request.text("kind");
  const fs::path model = model_file(request.path("model"), kDiagramWhere);
  const fs::path out = request.has("out") ? request.path("out") : fs::path(kind + ".svg");
  const std::string format = format_of(out);
  if (out.has_parent_path() && !fs::is_directory(out.parent_path())) {
    throw IoError(kDiagramWhere, out.parent_path(), "there is no such folder to write into");
  }
  write_atomically(out, draw_diagram(diagram_of(kind, model, reporter), format));
  reporter.note(fmt::format("diagram   {}", out.string()));
  return Json{{"file", out.string()}};
}

}  // namespace

const Registered<Job> diagram_job{
    {.name = "diagram",
     .summary = "draws a trained model: its training loop, the road of its data, its network",
     .help = "The boxes hold what this model is: its data, classes, architecture, numbers of\n"
             "parameters, loss, learning rate and last figures. Graphviz draws them.\n\n"
             "Examples\n"
             "  linnet diagram loop runs/pets-resnet34\n"
             "  linnet diagram data runs/pets-resnet34 --out data.png\n"
             "  linnet diagram model model.safetensors --out network.svg",
     .fields = diagram_fields,
     .run = run_diagram}};

}  // namespace linnet
