#include "linnet/io/pth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "linnet/core/error.h"
#include "linnet/core/strings.h"
#include "linnet/io/archive_reader.h"
#include "linnet/io/pickle.h"
#include "linnet/io/pth_index.h"

namespace linnet {

namespace {

using detail::ArchiveReader;
using detail::PthStorage;
using detail::PthTensor;

constexpr std::string_view kPthWhere = "read_pth";
constexpr std::string_view kZipMagic = "PK\x03\x04";
// Protocol 2, LONG1 of ten bytes: the number that begins torch.save's older form.
constexpr std::string_view kOldMagic{"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e",
                                     15};
constexpr int64_t kMostPickleBytes = int64_t{64} << 20;

DataError damaged(const std::filesystem::path& path, std::string_view what) {
  return {kPthWhere, path, fmt::format("{}. The file is damaged or cut short; get it again", what)};
}

/** Raw bytes of storages by key. A storage is read as bytes once, whatever dtypes its tensors view
 * it in. */
class Storages {
 public:
  explicit Storages(std::filesystem::path path)
      : path_(std::move(path)), room_(static_cast<int64_t>(std::filesystem::file_size(path_))) {}

  /** Says that a storage will be needed; it cannot be larger than what is left of the file, as
   * torch.save does not compress. */
  void expect(const PthStorage& storage) {
    const auto [at, fresh] = bytes_.try_emplace(storage.key, storage.bytes(), torch::Tensor());
    if (at->second.first != storage.bytes())
      throw damaged(path_, fmt::format("storage '{}' has two sizes", storage.key));
    if (!fresh) return;
    room_ -= storage.bytes();
    if (room_ < 0) throw damaged(path_, "its tensors need more bytes than the file has");
  }
  bool expects(const std::string& key) const { return bytes_.contains(key); }
  int64_t bytes_expected(const std::string& key) const { return bytes_.at(key).first; }

  /** Memory for a storage that was expected, to be filled. */
  char* allocate(const std::string& key) {
    auto& [size, tensor] = bytes_.at(key);
    tensor = torch::empty({size}, torch::kByte);
    return static_cast<char*>(tensor.data_ptr());
  }

  torch::Tensor view(const PthTensor& tensor) {
    torch::Tensor& typed = typed_[{tensor.storage.key, tensor.storage.dtype}];
    if (!typed.defined()) {
      const torch::Tensor& bytes = bytes_.at(tensor.storage.key).second;
      if (!bytes.defined())
        throw damaged(path_, fmt::format("the storage '{}' of tensor '{}' is missing",
                                         tensor.storage.key, tensor.name));
      // A bool of neither 0 nor 1 would be undefined behaviour later on.
      typed = tensor.storage.dtype == torch::kBool ? bytes.ne(0) : bytes.view(tensor.storage.dtype);
    }
    return typed.as_strided(tensor.sizes, tensor.strides, tensor.offset);
  }

 private:
  std::filesystem::path path_;
  int64_t room_;
  std::map<std::string, std::pair<int64_t, torch::Tensor>> bytes_;
  std::map<std::pair<std::string, torch::ScalarType>, torch::Tensor> typed_;
};

StateDict build(const std::vector<PthTensor>& tensors, Storages& storages,
                const std::filesystem::path& path) {
  StateDict dict;
  dict.set_source(path);
  for (const PthTensor& tensor : tensors) {
    if (dict.contains(tensor.name))
      throw damaged(path, fmt::format("tensor '{}' is there twice", tensor.name));
    dict.add(tensor.name, storages.view(tensor));
  }
  return dict;
}

// ---- the zip form: <name>/data.pkl, <name>/data/<key>, <name>/version, since torch 2
// <name>/byteorder

void read_exactly(ArchiveReader& reader, char* data, int64_t size,
                  const std::filesystem::path& path, std::string_view name) {
  int64_t done = 0;
  while (done < size) {
    const size_t got = reader.read(data + done, static_cast<size_t>(size - done));
    if (got == 0) break;
    done += static_cast<int64_t>(got);
  }
  char more = 0;
  if (done < size || reader.read(&more, 1) != 0)
    throw damaged(path, fmt::format("its entry {} has another size than stated", name));
}

std::string read_entry(ArchiveReader& reader, const ArchiveReader::Entry& entry,
                       const std::filesystem::path& path) {
  const int64_t size = entry.bytes.value_or(-1);
  if (size < 0 || size > kMostPickleBytes)
    throw damaged(path, fmt::format("its entry {} has {} bytes, expected at most {}", entry.name,
                                    size, kMostPickleBytes));
  std::string bytes(static_cast<size_t>(size), '\0');
  read_exactly(reader, bytes.data(), size, path, entry.name);
  return bytes;
}

struct ZipIndex {
  std::string folder;  // with its slash
  std::string pickle;
};

ZipIndex read_zip_index(const std::filesystem::path& path) {
  std::optional<ZipIndex> index;
  bool is_script = false;
  ArchiveReader reader(kPthWhere, path, ArchiveReader::Format::zip);
  while (const auto entry = reader.next()) {
    if (entry->name.ends_with("/data.pkl") || entry->name == "data.pkl") {
      if (index) throw damaged(path, "it holds two data.pkl");
      index = {
          .folder = entry->name.substr(0, entry->name.size() - std::string_view("data.pkl").size()),
          .pickle = read_entry(reader, *entry, path)};
    } else if (entry->name.ends_with("/byteorder") &&
               trim(read_entry(reader, *entry, path)) != "little") {
      throw DataError(kPthWhere, path,
                      "was written on a big-endian machine. Load and save it once in Python on an "
                      "ordinary one");
    }
    is_script = is_script || entry->name.ends_with("/constants.pkl");
  }
  if (is_script) {
    throw DataError(kPthWhere, path,
                    "holds code (a TorchScript model); linnet never runs code from a file. In "
                    "Python, save the weights alone: "
                    "torch.save(torch.jit.load(path).state_dict(), new_path)");
  }
  if (!index)
    throw DataError(kPthWhere, path,
                    "is a zip file without data.pkl, so not one that torch.save wrote");
  return *std::move(index);
}

StateDict read_zip(const std::filesystem::path& path) {
  const ZipIndex index = read_zip_index(path);
  const PickleDocument document = read_pickle(index.pickle, {.path = path, .where = kPthWhere});
  const auto tensors = detail::pth_tensors(document.root(), path);
  Storages storages(path);
  for (const PthTensor& tensor : tensors) storages.expect(tensor.storage);
  const std::string folder = index.folder + "data/";
  ArchiveReader reader(kPthWhere, path, ArchiveReader::Format::zip);
  while (const auto entry = reader.next()) {
    if (!entry->name.starts_with(folder)) continue;
    const std::string key = entry->name.substr(folder.size());
    if (!storages.expects(key)) continue;
    const int64_t bytes = storages.bytes_expected(key);
    if (entry->bytes != bytes)
      throw damaged(path, fmt::format("storage '{}' has {} bytes, expected {}", key,
                                      entry->bytes.value_or(-1), bytes));
    read_exactly(reader, storages.allocate(key), bytes, path, entry->name);
  }
  return build(tensors, storages, path);
}

// ---- the older form: magic, protocol, system, data and keys as five pickles, then per key its
// element count and bytes

/** Reads the pickles at the front, one after another. */
class OldHead {
 public:
  OldHead(const std::filesystem::path& path, std::ifstream& in) : path_(path) {
    const auto size =
        std::min<int64_t>(kMostPickleBytes, static_cast<int64_t>(std::filesystem::file_size(path)));
    front_.resize(static_cast<size_t>(size));
    in.seekg(0).read(front_.data(), size);
    front_.resize(static_cast<size_t>(in.gcount()));
  }
  PickleDocument next() {
    PickleDocument document =
        read_pickle(std::string_view(front_).substr(at_), {.path = path_, .where = kPthWhere});
    at_ += document.size_in_bytes();
    return document;
  }
  int64_t position() const { return static_cast<int64_t>(at_); }

 private:
  const std::filesystem::path& path_;
  std::string front_;
  size_t at_ = 0;
};

/** Bytes an element of each storage takes, also of those nobody asked for: all lie in one row. */
std::map<std::string, int64_t> element_sizes(const PickleDocument& document,
                                             const std::filesystem::path& path) {
  std::map<std::string, int64_t> sizes;
  for (const PickleValue& value : document.values()) {
    if (!value.is(PickleKind::persistent)) continue;
    const PthStorage storage = detail::pth_storage(value, path);
    sizes[storage.key] = static_cast<int64_t>(c10::elementSize(storage.dtype));
  }
  return sizes;
}

void read_old_storages(std::ifstream& in, const PickleValue& keys,
                       const std::map<std::string, int64_t>& sizes, Storages& storages,
                       const std::filesystem::path& path) {
  const auto file_size = static_cast<int64_t>(std::filesystem::file_size(path));
  for (const PickleValue* key : keys.items) {
    uint64_t elements = 0;
    in.read(reinterpret_cast<char*>(&elements), sizeof elements);
    const auto size = sizes.find(key->text);
    if (!in || size == sizes.end() || elements > static_cast<uint64_t>(file_size))
      throw damaged(path, "its storages do not fit its description");
    const int64_t bytes = static_cast<int64_t>(elements) * size->second;
    if (!storages.expects(key->text)) {
      in.seekg(bytes, std::ios::cur);
      continue;
    }
    if (bytes != storages.bytes_expected(key->text))
      throw damaged(path, fmt::format("storage '{}' has {} bytes, expected {}", key->text, bytes,
                                      storages.bytes_expected(key->text)));
    if (!in.read(storages.allocate(key->text), bytes))
      throw damaged(path, "it ends inside a tensor");
  }
}

StateDict read_old(const std::filesystem::path& path, std::ifstream& in) {
  OldHead head(path, in);
  head.next();  // the magic number
  head.next();  // the protocol's version
  const PickleDocument system = head.next();
  const PickleValue* little = system.root().find("little_endian");
  if (little == nullptr || little->integer != 1) {
    throw DataError(
        kPthWhere, path,
        "was written on a big-endian machine. Load and save it once in Python on an ordinary one");
  }
  const PickleDocument document = head.next();
  const PickleDocument keys = head.next();
  const auto tensors = detail::pth_tensors(document.root(), path);
  Storages storages(path);
  for (const PthTensor& tensor : tensors) storages.expect(tensor.storage);
  in.clear();
  in.seekg(head.position());
  read_old_storages(in, keys.root(), element_sizes(document, path), storages, path);
  return build(tensors, storages, path);
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view front) {
  if (front.empty()) throw DataError(kPthWhere, path, "is empty (0 bytes). Get it again");
  if (front.starts_with("\x80")) {
    throw DataError(kPthWhere, path,
                    "is a bare pickle, not a file of torch.save. In Python, save "
                    "torch.save(model.state_dict(), path)");
  }
  throw DataError(kPthWhere, path,
                  "is no weights file: it does not begin as one that torch.save wrote");
}

}  // namespace

StateDict read_pth(const std::filesystem::path& path) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure))
    throw DataError(kPthWhere, path, "is a folder, expected a weights file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw IoError(kPthWhere, path, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::string front(kOldMagic.size(), '\0');
  in.read(front.data(), static_cast<std::streamsize>(front.size()));
  front.resize(static_cast<size_t>(in.gcount()));
  in.clear();
  if (front.starts_with(kZipMagic)) return read_zip(path);
  if (front == kOldMagic) return read_old(path, in);
  refuse(path, front);
}

}  // namespace linnet
