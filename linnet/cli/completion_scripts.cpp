#include <array>
#include <utility>

#include "linnet/cli/completion.h"
#include "linnet/core/error.h"
#include "linnet/core/strings.h"

namespace linnet::cli {

namespace {

// bash cuts words at '=' and ':' too: they are joined again for linnet, and what bash does not
// replace is taken off the front of the answers.
constexpr std::string_view kBash =
    R"script(# bash completion for linnet, printed by `linnet completion bash`
_linnet() {
  local rest=${COMP_LINE:0:COMP_POINT} part i words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    part=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
      rest=${rest#"${rest%%[![:space:]]*}"}
      words+=('')
    fi
    ((i == COMP_CWORD)) && part=$rest
    words[${#words[@]} - 1]+=$part
    rest=${rest#"$part"}
  done
  local current=${words[${#words[@]} - 1]} paths word lines=()
  local kept=${current%"$2"}
  mapfile -t lines < <("${words[0]/#\~/$HOME}" --complete "${words[@]:1}" 2>/dev/null)
  paths=${lines[0]:-none}
  COMPREPLY=()
  for word in "${lines[@]:1}"; do
    word=${word%%$'\t'*}
    COMPREPLY+=("${word#"$kept"}")
  done
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *: ]]; then
    compopt -o nospace
  fi
  if [[ $paths != none ]]; then
    local kind=-f
    [[ $paths == folders ]] && kind=-d
    compopt -o filenames
    while IFS= read -r word; do
      COMPREPLY+=("$word")
    done < <(compgen "$kind" -- "$2")
  fi
}
complete -F _linnet linnet
)script";

constexpr std::string_view kZsh = R"script(#compdef linnet
# zsh completion for linnet, printed by `linnet completion zsh`
_linnet() {
  local -a lines candidates beginnings
  local line word paths tab=$'\t'
  lines=("${(@f)$(${~words[1]} --complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  paths=$lines[1]
  for line in "${(@)lines[2,-1]}"; do
    word=${line%%$tab*}
    word=${word//:/\\:}
    if [[ $word == *: ]]; then
      beginnings+=("$word")
    else
      [[ $line == *$tab* ]] && word+=":${line#*$tab}"
      candidates+=("$word")
    fi
  done
  local found=1
  ((${#candidates})) && _describe -t linnet 'linnet' candidates && found=0
  ((${#beginnings})) && _describe -t linnet 'linnet' beginnings -S '' && found=0
  if [[ $paths != none ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    if [[ $paths == folders ]]; then
      _files -/ && found=0
    else
      _files && found=0
    fi
  fi
  return found
}
if [[ ${funcstack[1]} == _linnet ]]; then
  _linnet "$@"
else
  compdef _linnet linnet
fi
)script";

constexpr std::string_view kFish =
    R"script(# fish completion for linnet, printed by `linnet completion fish`
function __linnet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -l lines ($program --complete $words[2..-1] "$current" 2>/dev/null)
    for line in $lines[2..-1]
        echo $line
    end
    set -l option (string match -r -- '^--[^=]*=' "$current")
    set -l path (string replace -r -- '^--[^=]*=' '' "$current")
    switch "$lines[1]"
        case files
            __fish_complete_path "$path" | string replace -r -- '^' "$option"
        case folders
            __fish_complete_directories "$path" | string replace -r -- '^' "$option"
    end
end
complete -c linnet -f -a '(__linnet_complete)'
)script";

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kScripts = {
    {{"bash", kBash}, {"fish", kFish}, {"zsh", kZsh}}};

}  // namespace

std::vector<std::string> completion_shells() {
  std::vector<std::string> shells;
  for (const auto& [shell, script] : kScripts) shells.emplace_back(shell);
  return shells;
}

std::string_view completion_script(std::string_view shell) {
  for (const auto& [name, script] : kScripts) {
    if (name == shell) return script;
  }
  throw UsageError("completion", unknown_name("shell", shown_text(shell), completion_shells()));
}

}  // namespace linnet::cli
