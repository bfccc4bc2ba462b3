#include <gtest/gtest.h>

#include <set>

#include "linnet/app/job.h"
#include "linnet/app/job_help.h"

namespace linnet {
namespace {

// What every job promises to the command line, the web app and the docs.
TEST(Jobs, AreRegistered) {
  for (const char* name : {"train", "predict", "data list", "data get", "data path", "doctor"})
    EXPECT_NE(registry<Job>().find(name), nullptr) << name;
}

TEST(Jobs, DescribeThemselves) {
  for (const Job& job : registry<Job>().rows()) {
    SCOPED_TRACE(job.name);
    EXPECT_FALSE(job.summary.empty());
    EXPECT_NE(job.help.find("Examples\n"), std::string::npos) << job.help;
    EXPECT_TRUE(job.run);
    std::set<std::string> names;
    bool optional_place = false;
    for (const Field& field : job.fields()) {
      SCOPED_TRACE(field.name);
      EXPECT_TRUE(names.insert(field.name).second) << "named twice";
      EXPECT_NE(field.name, "json");
      EXPECT_FALSE(field.help.empty());
      EXPECT_EQ(field.help.find('\n'), std::string::npos);
      EXPECT_FALSE(field.positional && field.required && optional_place) << "comes too late";
      optional_place = optional_place || (field.positional && !field.required);
      EXPECT_FALSE(field.kind == FieldKind::choice && field.choices.empty());
      if (!field.preset.is_null()) EXPECT_NO_THROW(checked_value(field, field.preset, job.name));
    }
  }
}

TEST(Jobs, HelpNamesEveryField) {
  for (const Job& job : registry<Job>().rows()) {
    const std::string help = job_help(job);
    for (const Field& field : job.fields())
      EXPECT_NE(help.find(shown_name(field)), std::string::npos) << job.name << ' ' << field.name;
    for (const char c : help) EXPECT_TRUE(c == '\n' || c >= ' ') << job.name;
  }
  const std::string help = program_help();
  for (const Job& job : registry<Job>().rows())
    EXPECT_NE(help.find(job.summary), std::string::npos) << job.name;
}

}  // namespace
}  // namespace linnet
