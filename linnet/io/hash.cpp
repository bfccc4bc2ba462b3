#include "linnet/io/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <vector>

#include "linnet/core/error.h"

namespace linnet {

namespace {

class Digest {
 public:
  explicit Digest(const EVP_MD* kind) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), kind, nullptr) != 1) fail();
  }
  void update(const char* data, size_t bytes) {
    if (EVP_DigestUpdate(context_.get(), data, bytes) != 1) fail();
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context_.get(), bytes.data(), &size) != 1) fail();
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
    return text;
  }

 private:
  // OpenSSL in its FIPS mode has no MD5.
  [[noreturn]] static void fail() {
    throw IoError("hash", "OpenSSL cannot compute this checksum here");
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

std::string digest_of_file(const std::filesystem::path& path, const EVP_MD* kind, int64_t most) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw IoError("hash", path, fmt::format("cannot be read: {}", std::strerror(errno)));
  Digest digest(kind);
  std::vector<char> buffer(size_t{1} << 20U);
  while (most > 0 && in) {
    in.read(buffer.data(), std::min(most, static_cast<int64_t>(buffer.size())));
    digest.update(buffer.data(), static_cast<size_t>(in.gcount()));
    most -= in.gcount();
  }
  if (in.bad())
    throw IoError("hash", path, fmt::format("cannot be read: {}", std::strerror(errno)));
  return digest.hex();
}

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  return digest_of_file(path, EVP_sha256(), std::numeric_limits<int64_t>::max());
}

std::string md5_of_first_mib(const std::filesystem::path& path) {
  return digest_of_file(path, EVP_md5(), int64_t{1} << 20);
}

std::string sha256_of(std::string_view bytes) {
  Digest digest(EVP_sha256());
  digest.update(bytes.data(), bytes.size());
  return digest.hex();
}

}  // namespace linnet
