#include "linnet/data/near_pictures.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace linnet {

namespace {

constexpr int kMostSigns = 5;       // that may differ
constexpr double kMostLevels = 12;  // mean difference of the grey copies
constexpr double kLeastSpread = 4;  // standard deviation below which a picture shows nothing

// Mean brightness of each cell of a grid of rows x columns.
std::vector<double> averaged(const Image& image, int64_t rows, int64_t columns) {
  std::vector<double> cells;
  cells.reserve(static_cast<size_t>(rows * columns));
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t top = r * image.height() / rows;
    const int64_t bottom = std::max(top + 1, (r + 1) * image.height() / rows);
    for (int64_t c = 0; c < columns; ++c) {
      const int64_t left = c * image.width() / columns;
      const int64_t right = std::max(left + 1, (c + 1) * image.width() / columns);
      int64_t sum = 0;
      for (int64_t y = top; y < bottom; ++y) {
        const uint8_t* row = image.row(y) + left * image.channels();
        sum = std::accumulate(row, row + (right - left) * image.channels(), sum);
      }
      cells.push_back(static_cast<double>(sum) /
                      static_cast<double>((bottom - top) * (right - left) * image.channels()));
    }
  }
  return cells;
}

double mean_of(const std::array<uint8_t, 256>& grey) {
  return std::accumulate(grey.begin(), grey.end(), 0.0) / static_cast<double>(grey.size());
}

bool look_same(const PictureTraits& a, const PictureTraits& b) {
  if (std::popcount(a.signs ^ b.signs) > kMostSigns) return false;
  const double lighter = mean_of(a.grey) - mean_of(b.grey);
  double difference = 0;
  for (size_t i = 0; i < a.grey.size(); ++i) {
    difference += std::abs(static_cast<double>(a.grey[i]) - b.grey[i] - lighter);
  }
  return difference / static_cast<double>(a.grey.size()) < kMostLevels;
}

// With at most 5 of 64 signs different, one of six parts of them is equal.
constexpr int kParts = kMostSigns + 1;

uint64_t part_of(uint64_t signs, int part) {
  const int begin = 64 * part / kParts, end = 64 * (part + 1) / kParts;
  return signs >> begin & ((uint64_t{1} << (end - begin)) - 1);
}

}  // namespace

std::optional<PictureTraits> traits_of(const Image& image) {
  if (image.empty()) return std::nullopt;
  PictureTraits traits;
  const auto grey = averaged(image, 16, 16);
  double mean = 0, square = 0;
  for (size_t i = 0; i < grey.size(); ++i) {
    traits.grey[i] = static_cast<uint8_t>(std::lround(grey[i]));
    mean += grey[i] / static_cast<double>(grey.size());
    square += grey[i] * grey[i] / static_cast<double>(grey.size());
  }
  if (square - mean * mean < kLeastSpread * kLeastSpread) return std::nullopt;
  const auto cells = averaged(image, 8, 9);
  for (size_t y = 0; y < 8; ++y) {
    for (size_t x = 0; x < 8; ++x) {
      const bool rises = cells[y * 9 + x + 1] > cells[y * 9 + x];
      traits.signs |= static_cast<uint64_t>(rises ? 1 : 0) << (y * 8 + x);
    }
  }
  return traits;
}

std::vector<std::pair<int64_t, int64_t>> near_pairs(
    const std::vector<std::optional<PictureTraits>>& traits) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (int part = 0; part < kParts; ++part) {
    std::unordered_map<uint64_t, std::vector<size_t>> buckets;
    for (size_t i = 0; i < traits.size(); ++i) {
      if (!traits[i]) continue;
      auto& bucket = buckets[part_of(traits[i]->signs, part)];
      for (const size_t other : bucket) {
        if (look_same(*traits[other], *traits[i])) {
          pairs.emplace_back(static_cast<int64_t>(other), static_cast<int64_t>(i));
        }
      }
      bucket.push_back(i);
    }
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace linnet
