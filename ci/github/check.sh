#!/usr/bin/env bash
# Checks flows in a job of GitHub Actions: the second step of action.yml. What it is to do comes in environment
# variables, so that no input is ever read as code.
#
# It ends with 0 whatever is found. flowvet's exit code is an output, with which the action's last step ends:
# what was found can be uploaded before.
set -euo pipefail

folder=${RUNNER_TEMP:?}/flowvet-report-$$-$RANDOM
mkdir -p "$folder"

# The lines of a text become arguments, each as it stands; empty ones are left out.
add_lines() {
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [ -z "$line" ] || arguments+=("$line")
  done <<<"$1"
}

# What to check, and with which further arguments.
arguments=()
add_lines "${FLOWVET_ARGS:-}"
arguments+=(--)
add_lines "${FLOWVET_PATHS:-.}"

check=("${FLOWVET_PROGRAM:-flowvet}" check "--format=${FLOWVET_FORMAT:-github}" "--format=json=$folder/flowvet.json")
check+=("--fail-on=${FLOWVET_FAIL_ON:-warning}")
[ "${FLOWVET_SUMMARY:-true}" != true ] || check+=("--format=markdown=$folder/summary.md")
if [ -z "${FLOWVET_SINCE:-}" ]; then
  check+=("--format=sarif=$folder/flowvet.sarif")
else
  check+=("--since=$FLOWVET_SINCE")
fi
code=0
"${check[@]}" "${arguments[@]}" || code=$?
if [ -n "${FLOWVET_SINCE:-}" ]; then
  # Code scanning compares with the target branch by itself, and takes what it does not get for fixed.
  "${FLOWVET_PROGRAM:-flowvet}" check --fail-on=never "--format=sarif=$folder/flowvet.sarif" "${arguments[@]}" \
    >/dev/null 2>&1 || true # what could not be checked was said before
fi

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
