/** Shells that `connectorctl completion` writes a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/**
 * The script for a shell. It asks the program that stands in the PATH, never one of the folder, and takes what that answers for text only: a
 * name of the repository is never evaluated.
 */
export function renderCompletionScript(shell: (typeof shells)[number]): string {
  switch (shell) {
    case 'bash':
      return bash;
    case 'zsh':
      return zsh;
    case 'fish':
      return fish;
    default:
      return shell satisfies never;
  }
}

const bash = `# Completion for bash. In ~/.bashrc:  source <(connectorctl completion bash)
_connectorctl() {
  COMPREPLY=()
  local line first=1
  while IFS= read -r line; do
    if [[ $first == 1 && $line == :files ]]; then
      type compopt >/dev/null 2>&1 && compopt -o default -o filenames 2>/dev/null
      return
    fi
    first=0
    line=\${line%%$'\\t'*}
    printf -v line '%q' "$line"
    COMPREPLY+=("$line")
    [[ $line == *= ]] && type compopt >/dev/null 2>&1 && compopt -o nospace 2>/dev/null
  done < <(command connectorctl __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _connectorctl connectorctl
`;

const zsh = `#compdef connectorctl
# Completion for zsh. In ~/.zshrc, after compinit:  source <(connectorctl completion zsh)
_connectorctl() {
  local -a lines described
  local line word about
  lines=("\${(@f)$(command connectorctl __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == :files ]]; then
    _files
    return
  fi
  for line in $lines; do
    [[ -z $line ]] && continue
    word=\${line%%$'\\t'*}
    about=
    [[ $line == *$'\\t'* ]] && about=\${line#*$'\\t'}
    described+=("\${word//:/\\\\:}\${about:+:$about}")
  done
  (( \${#described} )) && _describe connectorctl described
}
(( $+functions[compdef] )) && compdef _connectorctl connectorctl
`;

const fish = `# Completion for fish. In ~/.config/fish/config.fish:  connectorctl completion fish | source
function __connectorctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test (count $current) -eq 0; and set current ''
    set -l lines (command connectorctl __complete -- $words[2..-1] $current 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path $current
    else
        string join \\n -- $lines
    end
end
complete -c connectorctl -f -a '(__connectorctl_complete)'
`;
