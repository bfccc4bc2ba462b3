#pragma once

#include <cstdint>
#include <filesystem>

namespace linnet::test {

/** A picture of `size` x `size` pixels of one colour with noise from `seed`, written as the ending
 * of `path` says (.jpg or .png), folders made as needed. */
void write_picture(const std::filesystem::path& path, uint32_t rgb, uint64_t seed = 0,
                   int64_t size = 32);

/** `n` pictures of two kinds that a model can tell apart, named as Oxford-IIIT Pet names its own:
 * "Abby_1.png" ... are reddish cats (capital), "beagle_1.png" ... bluish dogs; half of each. */
void write_pets(const std::filesystem::path& folder, int64_t n);

}  // namespace linnet::test
