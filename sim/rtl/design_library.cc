// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/design_library.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "codegen/generate.h"
#include "codegen/signature.h"
#include "sim/rtl/harness_headers.h"
#include "sim/rtl/harness_writer.h"
#include "sim/rtl/state_map.h"
#include "sim/tools.h"
#include "sim/work_folder.h"

namespace ternfab::rtl {
namespace {

namespace fs = std::filesystem;

/// What the machine's code is compiled with and for.
std::string ToolVersions(const std::string& compiler) {
  return FirstLine("verilator --version") + "|" + FirstLine(compiler + " --version") + "|" +
         FirstLine("grep -m1 ^flags /proc/cpuinfo");
}

/// The Makefile that turns Verilator's C++ and the harness into a library. Verilator marks its
/// rarely executed files with __Slow: they are compiled without optimisation.
std::string EmitMakefile(const std::string& compiler, bool waves) {
  return fmt::format(
      "ROOT := $(shell verilator --getenv VERILATOR_ROOT)\n"
      "FLAGS := -std=c++17 -w -fPIC -I. -Idriver -Iobj -I$(ROOT)/include -I$(ROOT)/include/vltstd"
      " -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE={2} -DVM_TRACE_FST={2} -DVM_TRACE_VCD=0\n"
      "MODEL := $(patsubst %.cpp,%.o,$(wildcard obj/*.cpp))\n"
      "RUNTIME := $(RUNTIME_FOLDER)/verilated.o $(RUNTIME_FOLDER)/verilated_threads.o{3}\n"
      "design.so: $(MODEL) harness.o $(RUNTIME)\n"
      "\t{0} -shared -o $@ $^ -lpthread -latomic{4}\n"
      "%__Slow.o: %__Slow.cpp\n"
      "\t{0} $(FLAGS) -O0 -c -o $@ $<\n"
      "%.o: %.cpp\n"
      "\t{0} $(FLAGS) {1} -c -o $@ $<\n"
      "$(RUNTIME_FOLDER)/%.o: $(ROOT)/include/%.cpp\n"
      "\tmkdir -p $(RUNTIME_FOLDER) && {0} $(FLAGS) {1} -c -o $@.$$$$ $< && mv $@.$$$$ $@\n",
      compiler, "-O2 -march=native", waves ? 1 : 0,
      waves ? " $(RUNTIME_FOLDER)/verilated_fst_c.o" : "", waves ? " -lz" : "");
}

struct Sources {
  std::vector<GeneratedFile> files;
  std::string list;  ///< of SystemVerilog files, in order
  std::string top;
  std::string tools;  ///< ToolVersions
  uint64_t hash = kFnvBasis;
};

Sources MakeSources(const HardwareSpec& spec, bool waves) {
  const DesignSignature signature = MakeSignature(spec);
  Sources s;
  s.top = signature.top;
  for (GeneratedFile& file : GenerateRtl(spec)) {
    if (file.path.ends_with(".sv")) s.list += file.path + "\n";
    s.files.push_back(std::move(file));
  }
  for (GeneratedFile& file : GenerateDesign(spec)) {
    if (file.path.starts_with("driver/")) s.files.push_back(std::move(file));
  }
  s.files.push_back({"harness.cpp", EmitHarness(signature)});
  for (const EmbeddedText& header : HarnessHeaders()) {
    s.files.push_back({std::string(header.path), std::string(header.text)});
  }
  s.files.push_back({"state.vlt", EmitStateConfig()});
  s.list = "state.vlt\n" + s.list;
  s.files.push_back({"files.f", s.list});
  const std::string compiler = FirstLine("command -v clang++").empty() ? "g++" : "clang++";
  s.files.push_back({"Makefile", EmitMakefile(compiler, waves)});
  s.tools = ToolVersions(compiler);
  s.hash = HashText(HashText(s.hash, s.tools), waves ? "waves" : "");
  for (const GeneratedFile& file : s.files)
    s.hash = HashText(HashText(s.hash, file.path), file.text);
  return s;
}

constexpr const char* kLog = "build.log";

/// Runs `command` in `folder`. Its log becomes the file `log` where it fails.
Expected<void> Shell(const std::string& command, const WorkFolder& folder, const fs::path& log,
                     const char* what) {
  const std::string line =
      fmt::format("cd {} && {} >>{} 2>&1", Quoted(folder.path().string()), command, kLog);
  if (std::system(line.c_str()) == 0) return {};
  TF_RETURN_IF_ERROR(folder.Keep(kLog, log));
  return Fail("{} failed: see {}", what, log.string());
}

int64_t CountFiles(const fs::path& folder, std::string_view extension) {
  std::error_code error;
  int64_t n = 0;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    n += it->path().extension() == extension;
  }
  return n;
}

/// Calls `on_progress` twice a second with the compiled files of `folder` while it exists.
class BuildWatcher {
 public:
  BuildWatcher(fs::path folder, const std::function<void(int64_t, int64_t)>& on_progress)
      : thread_([folder = std::move(folder), on_progress](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            on_progress(CountFiles(folder, ".o"), CountFiles(folder, ".cpp"));
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
          }
        }) {}

 private:
  std::jthread thread_;
};

Expected<void> Compile(const Sources& s, const WorkFolder& folder, const fs::path& log,
                       const LibraryOptions& options) {
  for (const GeneratedFile& file : s.files) {
    TF_RETURN_IF_ERROR(folder.Write(file.path, file.text));
  }
  const bool waves = options.waves;
  const std::string verilate = fmt::format(
      "verilator --cc --assert -O3 --x-assign fast --x-initial fast -Wno-fatal -Wno-lint"
      " -Wno-style --output-split 12000 --prefix Vtop --Mdir obj --top-module {}{} -f files.f",
      s.top, waves ? " --trace-fst" : "");
  TF_RETURN_IF_ERROR(Shell(verilate, folder, log, "verilator"));
  const fs::path runtime =
      fs::path(CacheFolder()) /
      fmt::format("runtime{}-{:016x}", waves ? "-fst" : "", HashText(kFnvBasis, s.tools));
  const BuildWatcher watcher(folder.path() / "obj", options.on_progress);
  const long cores = std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
  const std::string compile = fmt::format("MAKEFLAGS= make -j{} RUNTIME_FOLDER={} design.so", cores,
                                          Quoted(runtime.string()));
  return Shell(compile, folder, log, "compiling the Verilated design");
}

}  // namespace

std::string CacheFolder() { return ternfab::CacheFolder(); }

Expected<std::string> BuildLibrary(const HardwareSpec& spec, const LibraryOptions& options) {
  Sources sources = MakeSources(spec, options.waves);
  if (sources.tools.starts_with("|")) {
    return Fail("verilator: not found (Debian package verilator)");
  }
  const fs::path folder =
      fs::path(CacheFolder()) / fmt::format("{}-{:016x}", spec.name, sources.hash);
  const fs::path library = folder / "design.so";
  std::error_code error;
  if (fs::exists(library, error)) return library.string();
  options.on_build(spec.name);
  TF_ASSIGN_OR_RETURN(const WorkFolder partial, WorkFolder::Create(folder));
  const std::string log = folder.string() + ".log";
  TF_RETURN_IF_ERROR(Compile(sources, partial, log, options));
  fs::remove(log, error);  // of one that failed
  fs::remove_all(partial.path() / "obj", error);
  fs::rename(partial.path(), folder, error);
  // Somebody else may have built the same library meanwhile: theirs is as good.
  if (error && !fs::exists(library)) {
    return Fail("{}: cannot be renamed: {}", partial.path().string(), error.message());
  }
  return library.string();
}

Expected<std::unique_ptr<RtlDesign>> LoadDesign(const std::string& library) {
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return Fail("{}: cannot be loaded: {}", library, dlerror());
  const auto create = reinterpret_cast<CreateDesign>(dlsym(handle, kCreateDesign));
  if (!create) return Fail("{}: has no {}", library, kCreateDesign);
  return std::unique_ptr<RtlDesign>(create());
}

}  // namespace ternfab::rtl
