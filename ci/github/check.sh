#!/usr/bin/env bash
# Checks flows in a job of GitHub Actions: the second step of action.yml. What it is to do comes in environment
# variables, so that no input is ever read as code.
#
# It ends with 0 whatever is found. flowvet's exit code is an output, with which the action's last step ends:
# what was found can be uploaded before.
set -euo pipefail

folder=${RUNNER_TEMP:?}/flowvet-report-$$-$RANDOM
mkdir -p "$folder"
format=${FLOWVET_FORMAT:-github}

# The lines of a text become arguments, each as it stands; empty ones are left out.
add_lines() {
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [ -z "$line" ] || arguments+=("$line")
  done <<<"$1"
}

arguments=(check "--format=$format" "--format=sarif=$folder/flowvet.sarif" "--format=json=$folder/flowvet.json")
arguments+=("--fail-on=${FLOWVET_FAIL_ON:-warning}")
[ "${FLOWVET_SUMMARY:-true}" != true ] || arguments+=("--format=markdown=$folder/summary.md")
[ -z "${FLOWVET_SINCE:-}" ] || arguments+=("--since=$FLOWVET_SINCE")
add_lines "${FLOWVET_ARGS:-}"
arguments+=(--)
add_lines "${FLOWVET_PATHS:-.}"

# Reports that are meant for people hold text from flows, which must not give the runner commands.
resume=
if [ "$format" != github ]; then
  resume=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$resume"
fi
code=0
"${FLOWVET_PROGRAM:-flowvet}" "${arguments[@]}" || code=$?
[ -z "$resume" ] || printf '::%s::\n' "$resume"

# The summary stands at the beginning: docs/json.md.
count() {
  head -c 2000 "$folder/flowvet.json" | tr -d ' \r\n' | sed -n "s/.*\"summary\":{[^}]*\"$1\":\([0-9]*\).*/\1/p"
}

{
  printf 'exit-code=%s\n' "$code"
  if [ -s "$folder/flowvet.json" ]; then
    for severity in errors warnings notes; do
      printf '%s=%s\n' "$severity" "$(count "$severity")"
    done
  fi
  if [ -s "$folder/flowvet.sarif" ]; then
    printf 'sarif=%s\n' "$folder/flowvet.sarif"
  fi
} >>"${GITHUB_OUTPUT:?}"

if [ -s "$folder/summary.md" ]; then
  cat "$folder/summary.md" >>"${GITHUB_STEP_SUMMARY:?}"
fi
