// label: slow
// The page in a browser, by button, drop and paste, with keys only, on a phone and for a screen
// reader.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "linnet/media/encode.h"
#include "linnet/web/service.h"
#include "support/colour_learner.h"
#include "support/temp_dir.h"

namespace linnet::web {
namespace {

namespace fs = std::filesystem;
using test::TempDir;

// A kind of model that is asked with a form: twelve classes, the first of them most likely.
const Registered<ModelUse> table_use{
    {.name = "test-table",
     .takes = "",
     .predict_fields = nullptr,
     .predict = nullptr,
     .form = [](const Learner&) -> std::vector<Field> {
       return {{.name = "age",
                .kind = FieldKind::number,
                .help = "in years",
                .min = 0,
                .required = true},
               {.name = "sex", .kind = FieldKind::choice, .choices = {"Female", "Male"}},
               {.name = "job",
                .kind = FieldKind::choice,
                .choices = {"something with a name that is far longer than a telephone is wide"}},
               {.name = "married", .kind = FieldKind::flag, .help = "or was"}};
     },
     .answers =
         [](const Learner&, const std::vector<FormInput>& inputs) {
           Json::Object shares;
           for (int i = 0; i < 12; ++i)
             shares.emplace_back("class " + std::to_string(i), i == 0 ? 0.25 : 0.75 / 11);
           const Json likely(Json::Array{Json{{"item", "Alien"}, {"rating", 4.71828}}});
           const Json answer{{"recommendations", likely},
                             {"unknown", Json(Json::Array{"sex"})},
                             {"label", "class 0"},
                             {"probability", 0.25},
                             {"probabilities", shares}};
           return std::vector<Json>(inputs.size(), answer);
         },
     .sections = nullptr,
     .facts = nullptr}};

std::unique_ptr<ServedModel> model(const std::string& name, const std::string& kind) {
  Learner learn = test::colour_learner();
  learn.model_config = Json{{"kind", kind}};
  learn.network().module().eval();
  ServedModelOptions options;
  options.name = name;
  return std::make_unique<ServedModel>(
      std::move(learn), options,
      std::vector<std::pair<std::string, std::string>>{
          {"model", "four layers"}, {"data", "dots"}, {"items", "40 trained on, 10 held out"}});
}

std::vector<std::unique_ptr<ServedModel>> models() {
  std::vector<std::unique_ptr<ServedModel>> all;
  all.push_back(model("colours", "vision"));
  all.push_back(model("more", "vision"));
  all.push_back(model("table", "test-table"));
  return all;
}

bool works(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

TEST(ThePage, IsUsableInABrowser) {
  const auto modules =
      fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "browser/node_modules";
  const std::string node = "NODE_PATH='" + modules.string() + "' node ";
  if (!works(node + "-e \"require('playwright-core')\"") || !works("command -v chromium"))
    GTEST_SKIP() << "needs chromium, node and playwright-core: ./dev setup browser";
  Service service(models(), {});
  Service guarded(models(), {.access = {.token = "0123456789abcdef"}});
  const auto serving = [](Service& one) {
    return std::make_unique<HttpServer>(
        [&](const RequestHead& head) { return one.begin(head); },
        HttpServerOptions{.port = 0, .headers = Service::security_headers()});
  };
  const auto server = serving(service), guarded_server = serving(guarded);
  const auto url = [](const HttpServer& one) {
    return "http://127.0.0.1:" + std::to_string(one.port()) + "/ ";
  };
  const TempDir dir;
  for (const auto& [name, colour] : {std::pair("red.png", 0), std::pair("blue.png", 2)}) {
    Image picture(240, 320, 3);
    for (int64_t y = 60; y < 120; ++y)
      for (int64_t x = 100; x < 200; ++x) picture.at(y, x, colour) = 30;
    const auto png = encode_image(picture);
    test::write_file(dir / name,
                     std::string_view(reinterpret_cast<const char*>(png.data()), png.size()));
  }
  test::write_file(dir / "words.txt", "no picture");
  const char* screenshots = std::getenv("LINNET_SCREENSHOTS");  // a folder, to look at them
  const std::string said = (dir / "said").string();
  const int status = std::system((node + "tests/browser/check_serve.cjs " + url(*server) +
                                  dir.path().string() + " " + url(*guarded_server) +
                                  (screenshots != nullptr ? screenshots : "") + " > " + said)
                                     .c_str());
  EXPECT_EQ(status, 0) << test::read_file(said);
}

}  // namespace
}  // namespace linnet::web
