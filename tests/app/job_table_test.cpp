#include "linnet/app/job_table.h"

#include <gtest/gtest.h>

namespace linnet {
namespace {

TEST(JobTable, HoldsWhatTheJobsSayOfThemselves) {
  const Json table = Json::parse(job_table().dump());
  ASSERT_EQ(table.as_array().size(), registry<Job>().rows().size());
  for (const Json& row : table.as_array()) {
    const Job& job = registry<Job>().at(row.at("name").as_string());
    EXPECT_EQ(row.at("summary").as_string(), job.summary);
    EXPECT_EQ(row.at("help").as_string(), job.help);
    const auto fields = job.fields();
    ASSERT_EQ(row.at("fields").as_array().size(), fields.size()) << job.name;
    for (size_t i = 0; i < fields.size(); ++i)
      EXPECT_EQ(to_json(field_from_json(row.at("fields").as_array()[i])), to_json(fields[i]));
  }
}

TEST(JobTable, AFieldComesBackWhole) {
  const Field field{.name = "size",
                    .kind = FieldKind::integer,
                    .help = "pixels",
                    .preset = 224,
                    .preset_note = "as the weights",
                    .placeholder = "PIXELS",
                    .choices = {"a"},
                    .min = 8,
                    .open_range = true,
                    .repeated = true};
  const Field back = field_from_json(Json::parse(to_json(field).dump()));
  EXPECT_EQ(back.kind, FieldKind::integer);
  EXPECT_EQ(back.preset, Json(224));
  EXPECT_EQ(back.min, 8.0);
  EXPECT_FALSE(back.max.has_value());
  EXPECT_EQ(back.choices, std::vector<std::string>{"a"});
  EXPECT_TRUE(back.open_range && back.repeated);
  EXPECT_FALSE(back.positional || back.required);
}

}  // namespace
}  // namespace linnet
