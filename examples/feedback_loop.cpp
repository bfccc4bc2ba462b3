// The positive feedback loop that chapter 1 of the fast.ai book warns of, measured: a recommender
// is trained on what people watched, people watch what it recommends, it is trained on that ...
//   build/examples/feedback_loop [RATINGS.csv] [ROUNDS SEEDS]
// Without a file it fetches movie_lens_sample (100 people, 100 films, 6,031 ratings).
//
// What is assumed, because nobody knows it: the taste of a person for a film that he did not rate.
// Here it is what a model says that was trained on all 6,031 ratings; where there is a rating, the
// taste is the rating. The recommenders under test never see that model: each begins with five
// ratings a person and learns from what it made people watch, rated by their taste. Everybody
// watches what he is shown, three films a round, none twice.
#include <linnet/collab.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace linnet;

namespace {

constexpr int64_t kShown = 3;    // films a person and round
constexpr int64_t kAtFirst = 5;  // ratings a person before the first round

/** Who likes what: ratings of everybody for everything. */
struct World {
  std::vector<Label> people, films;
  torch::Tensor taste;  // float32 [people, films]
  torch::Tensor rated;  // bool [people, films]: in the file
};

/** What one round showed. */
struct Round {
  double gini = 0;      // of how often each film was shown in this round
  double coverage = 0;  // share of the films that anybody was shown in this round
  double pleasure = 0;  // mean taste of what was shown
  double error = 0;     // of the model: root mean squared, over all people and films
};

Learner trained_on(std::vector<Rating> ratings, uint64_t seed, int64_t epochs) {
  torch::manual_seed(seed);
  const auto dls = CollabDataLoaders::from_ratings(std::move(ratings),
                                                   {.valid_pct = 0.1, .seed = seed, .workers = 1});
  auto learn = collab_learner(dls, {.n_factors = 20,
                                    .y_range = {{0.5, 5.5}},
                                    .keep_seen = false,
                                    .wd = 0.1,
                                    .reporter = &silent_reporter()});
  learn.fit_one_cycle(epochs, {.lr_max = 5e-3});
  return learn;
}

/** What a model thinks of every person and film; of a film that nobody watched yet, what it thinks
 * of a film it does not know. */
torch::Tensor scores_of(const Learner& learn, const World& world) {
  std::vector<Label> people, films;
  for (const Label& person : world.people) {
    for (const Label& film : world.films) {
      people.push_back(person);
      films.push_back(film);
    }
  }
  return predict_ratings(learn, people, films).reshape(world.taste.sizes());
}

World world_of(const std::filesystem::path& csv) {
  const auto ratings = read_ratings(read_csv(csv));
  const auto learn = trained_on(ratings, 0, 10);
  World world;
  world.people = classes(learn, Side::user);
  world.films = classes(learn, Side::item);
  world.people.erase(world.people.begin());  // #na#
  world.films.erase(world.films.begin());
  world.taste = torch::empty({std::ssize(world.people), std::ssize(world.films)});
  world.taste = scores_of(learn, world);
  world.rated = torch::zeros_like(world.taste, torch::kBool);
  for (const Rating& rating : ratings) {
    const auto place = [](const std::vector<Label>& all, const Label& one) {
      return std::distance(all.begin(), std::find(all.begin(), all.end(), one));
    };
    const auto person = place(world.people, rating.user), film = place(world.films, rating.item);
    world.taste[person][film] = rating.rating;
    world.rated[person][film] = true;
  }
  return world;
}

/** The films of largest `score` in each row that were not watched: int64 [people, n]. */
torch::Tensor best_unseen(const torch::Tensor& score, const torch::Tensor& watched, int64_t n) {
  return std::get<1>(score.masked_fill(watched, -1e9).topk(n, 1));
}

std::vector<Rating> as_ratings(const World& world, const torch::Tensor& watched) {
  std::vector<Rating> ratings;
  const auto pairs = watched.nonzero();
  for (int64_t i = 0; i < pairs.size(0); ++i) {
    const auto person = pairs[i][0].item<int64_t>(), film = pairs[i][1].item<int64_t>();
    ratings.push_back({world.people[static_cast<size_t>(person)],
                       world.films[static_cast<size_t>(film)],
                       world.taste[person][film].item<double>()});
  }
  return ratings;
}

/** How films are chosen from a model's scores: float32 [people, films], and how often each film was
 * watched, float32 [films] -> the films to show are those of the largest result. */
struct Policy {
  std::string name;
  std::string what;
  bool learns = true;
  bool loops = true;  // people watch what is shown; else, for comparison, anything unseen
  torch::Tensor (*rank)(const World& world, const torch::Tensor& scores,
                        const torch::Tensor& times_watched);
};

std::vector<Policy> policies() {
  return {
      Policy{"by chance", "nobody recommends: anything unseen", false, true,
             [](const World& world, const torch::Tensor&, const torch::Tensor&) {
               return torch::rand_like(world.taste);
             }},
      Policy{"own taste", "each person knows best what he likes", false, true,
             [](const World& world, const torch::Tensor&, const torch::Tensor&) {
               return world.taste;
             }},
      // For comparison only. Its viewers have not watched the best films yet, so that what it shows
      // pleases more than what is left where films are recommended.
      Policy{
          "no loop", "the model's highest predictions, but people watch by chance", true, false,
          [](const World&, const torch::Tensor& scores, const torch::Tensor&) { return scores; }},
      Policy{
          "greedy", "the model's highest predictions", true, true,
          [](const World&, const torch::Tensor& scores, const torch::Tensor&) { return scores; }},
      // One film in four anything unseen: a bonus above all scores, so that it takes a place.
      Policy{"epsilon", "greedy, but one place in four goes to chance", true, true,
             [](const World&, const torch::Tensor& scores, const torch::Tensor&) {
               const auto films = static_cast<double>(scores.size(1));
               const auto lucky = torch::rand_like(scores) < 0.25 * kShown / films;
               return scores + 10 * lucky.to(torch::kFloat) * torch::rand_like(scores).add(1);
             }},
      // After Thompson: what was hardly watched may be better than it seems.
      Policy{"thompson", "greedy, but unsure of what was hardly watched", true, true,
             [](const World&, const torch::Tensor& scores, const torch::Tensor& times_watched) {
               return scores + torch::randn_like(scores) * (1 + times_watched).rsqrt();
             }}};
}

Round play_round(const World& world, const Policy& policy, torch::Tensor& watched, uint64_t seed) {
  Round round;
  torch::Tensor scores;
  if (policy.learns) {
    const auto learn = trained_on(as_ratings(world, watched), seed, 5);
    scores = scores_of(learn, world);
    round.error = (scores - world.taste).square().mean().sqrt().item<double>();
  }
  const auto rank = policy.rank(world, scores, watched.sum(0).to(torch::kFloat));
  const auto shown = best_unseen(rank, watched, kShown);
  const auto times = torch::bincount(shown.flatten(), {}, world.taste.size(1));
  const std::vector<int64_t> counts(times.data_ptr<int64_t>(),
                                    times.data_ptr<int64_t>() + times.numel());
  round.gini = gini(counts);
  round.coverage = coverage(counts);
  round.pleasure = world.taste.gather(1, shown).mean().item<double>();
  const auto by_chance = best_unseen(torch::rand_like(rank), watched, kShown);
  watched.scatter_(1, policy.loops ? shown : by_chance, true);
  return round;
}

/** Rounds of one policy, averaged over the seeds. */
std::vector<Round> play(const World& world, const Policy& policy, int64_t rounds, int64_t seeds) {
  std::vector<Round> mean(static_cast<size_t>(rounds));
  const auto share = 1.0 / static_cast<double>(seeds);
  for (int64_t seed = 1; seed <= seeds; ++seed) {
    torch::manual_seed(static_cast<uint64_t>(seed));
    auto watched = torch::zeros_like(world.rated);
    const auto first = best_unseen(torch::rand_like(world.taste), ~world.rated, kAtFirst);
    watched.scatter_(1, first, true);
    for (int64_t r = 0; r < rounds; ++r) {
      const auto one = play_round(world, policy, watched, static_cast<uint64_t>(seed * 1000 + r));
      Round& total = mean[static_cast<size_t>(r)];
      total.gini += share * one.gini;
      total.coverage += share * one.coverage;
      total.pleasure += share * one.pleasure;
      total.error += share * one.error;
    }
  }
  return mean;
}

void show(const Policy& policy, const std::vector<Round>& played) {
  std::cout << policy.name << " (" << policy.what << ")\n"
            << "  round    gini  coverage  pleasure  error of the model\n";
  for (size_t r = 0; r < played.size(); ++r) {
    std::cout << "  " << std::setw(5) << r + 1 << std::setw(8) << played[r].gini << std::setw(10)
              << played[r].coverage << std::setw(10) << played[r].pleasure;
    if (policy.learns) std::cout << std::setw(8) << played[r].error;
    std::cout << '\n';
  }
}

/** "more concentrated than", by two figures that are shown with two digits. */
std::string compared(double a, double b, const std::string& word) {
  if (std::abs(a - b) < 0.01) return "as " + word + " as";
  return (a > b ? "more " : "less ") + word + " than";
}

/** The last round in words, by its figures. */
void say_what_is_seen(std::map<std::string, Round>& last) {
  const Round &taste = last["own taste"], &none = last["no loop"], &greedy = last["greedy"];
  std::cout << "\nIn the last round\n"
            << "- Tastes alone would spread over " << taste.coverage << " of the films (Gini "
            << taste.gini << "). The greedy recommender shows " << greedy.coverage
            << " of them (Gini " << greedy.gini
            << "): " << compared(greedy.gini, taste.gini, "concentrated") << " what people like.\n"
            << "- The same model that learnt from films watched by chance would show "
            << none.coverage << " (Gini " << none.gini << ", error " << none.error
            << "). Learning from what it recommended, the loop, it is "
            << compared(greedy.gini, none.gini, "concentrated") << " that.\n";
  for (const char* name : {"epsilon", "thompson"}) {
    const Round& explores = last[name];
    std::cout << "- Exploring (" << name << ") shows " << explores.coverage << " (Gini "
              << explores.gini << "), knows tastes to " << explores.error << " in place of "
              << greedy.error << ", and pleases by " << explores.pleasure << " in place of "
              << greedy.pleasure << ": " << compared(explores.pleasure, greedy.pleasure, "pleasing")
              << " greed.\n";
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::filesystem::path csv =
      argc > 1 ? argv[1] : (untar_data(urls::ml_sample) / "ratings.csv").string();
  const int64_t rounds = argc > 2 ? std::atoi(argv[2]) : 8;
  const int64_t seeds = argc > 3 ? std::atoi(argv[3]) : 3;
  if (rounds < 1 || seeds < 1) {
    std::cerr << "feedback_loop [RATINGS.csv] [ROUNDS SEEDS]\n";
    return 2;
  }
  const World world = world_of(csv);
  if (kAtFirst + rounds * kShown > std::ssize(world.films)) {
    std::cerr << "so many rounds need more films than there are\n";
    return 2;
  }
  std::cout << std::fixed << std::setprecision(2);
  std::map<std::string, Round> last;
  for (const Policy& policy : policies()) {
    const auto played = play(world, policy, rounds, seeds);
    show(policy, played);
    last[policy.name] = played.back();
  }
  say_what_is_seen(last);
} catch (const Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
