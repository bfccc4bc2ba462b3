#include "linnet/app/jobs/train_fields.h"

#include <string>

#include "linnet/app/image_data.h"
#include "linnet/app/recogniser.h"

namespace linnet {

namespace {

std::vector<Field> fit_fields() {
  using enum FieldKind;
  return {
      {.name = "epochs",
       .kind = integer,
       .help = "rounds over the training pictures, of the whole model",
       .preset = 1,
       .min = 1},
      {.name = "freeze-epochs",
       .kind = integer,
       .help = "rounds before these, of the new head alone, when the weights are pretrained",
       .preset = 1,
       .min = 0},
      {.name = "lr",
       .kind = number,
       .help = "learning rate; `linnet lr-find` suggests one",
       .preset = 2e-3,
       .min = 0,
       .open_range = true},
      {.name = "fit",
       .kind = choice,
       .help = "how the rate moves: fine_tune (the head first, then all with small rates for the "
               "first layers), fit_one_cycle (up, then down), fit_flat_cos (flat, then down), fit "
               "(constant)",
       .preset_note = "fine_tune for pretrained weights, else fit_one_cycle",
       .choices = {"fine_tune", "fit_one_cycle", "fit_flat_cos", "fit"}},
  };
}

std::vector<Field> watch_fields() {
  using enum FieldKind;
  return {
      {.name = "monitor",
       .help = "the column of the table by which epochs are compared, for the next three",
       .preset = "valid_loss",
       .placeholder = "COLUMN"},
      {.name = "save-best",
       .kind = flag,
       .help = "the model is that of the best epoch, not that of the last"},
      {.name = "early-stopping",
       .kind = integer,
       .help = "end after so many epochs in a row without a gain",
       .preset_note = "none",
       .min = 1},
      {.name = "reduce-lr",
       .kind = integer,
       .help = "a tenth of the learning rate after so many epochs in a row without a gain; with "
               "--fit fit",
       .preset_note = "none",
       .min = 1},
      {.name = "ema",
       .kind = number,
       .help = "the model is a moving average of the weights; 0.999 keeps that much at each step",
       .preset_note = "none",
       .min = 0,
       .max = 1,
       .open_range = true},
      {.name = "time-limit",
       .help = "end after so long, with a usable model: 90s, 10m, 2h",
       .preset_note = "none",
       .placeholder = "TIME"},
  };
}

std::vector<Field> run_fields() {
  using enum FieldKind;
  return {
      {.name = "out",
       .kind = path,
       .help = "new folder for the model, the log and the configuration",
       .preset_note = "runs/NAME-ARCH, numbered",
       .placeholder = "DIR"},
      {.name = "no-report",
       .kind = flag,
       .help = "leave out report.html, which takes another look at the pictures held out"},
      {.name = "resume",
       .kind = path,
       .help = "go on with a run that was stopped, whatever stopped it, with the options it had",
       .preset_note = "none",
       .placeholder = "DIR"},
  };
}

}  // namespace

std::vector<Field> train_fields() {
  auto fields = image_data_fields();
  for (Field& field : fields) {
    if (field.name == "path") field.required_unless = "resume";
  }
  for (const auto& more :
       {picture_fields(), recogniser_fields(), fit_fields(), watch_fields(), run_fields()}) {
    fields.insert(fields.end(), more.begin(), more.end());
  }
  return fields;
}

}  // namespace linnet
