#!/usr/bin/env bash
# Brings flowvet to the runner: the first step of action.yml. The version is that of the action itself.
# It writes where the program is to GITHUB_OUTPUT.
set -euo pipefail

releases=${FLOWVET_RELEASES:-https://github.com/flowvet/flowvet/releases/download}
action=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=$(sed -n '/^version = /{s/^version = "\(.*\)".*/\1/p;q;}' "$action/Cargo.toml")
folder=${RUNNER_TEMP:?}/flowvet-$version
exe=
[ "${RUNNER_OS:?}" != Windows ] || exe=.exe

refuse() {
  printf '::error title=flowvet::%s\n' "$1"
  exit 2
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

from_release() {
  local target archive
  case $RUNNER_OS-${RUNNER_ARCH:?} in
    Linux-X64) target=x86_64-unknown-linux-gnu ;;
    Linux-ARM64) target=aarch64-unknown-linux-gnu ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    # ARM64 runs what is built for X64.
    Windows-X64 | Windows-ARM64) target=x86_64-pc-windows-msvc ;;
    *) refuse "There is no built flowvet for $RUNNER_OS on $RUNNER_ARCH: take \`install: cargo\`" ;;
  esac
  archive=flowvet-$target.tar.gz
  [ -z "$exe" ] || archive=flowvet-$target.zip
  mkdir -p "$folder"
  cd "$folder"
  for file in "$archive" "$archive.sha256"; do
    curl --fail --silent --show-error --location --retry 3 --proto '=https,file' --proto-redir '=https' \
      --output "$file" "$releases/v$version/$file"
  done
  sha256 --check "$archive.sha256" >&2
  if [ -z "$exe" ]; then tar -xzf "$archive"; else unzip -q -o "$archive"; fi
  program=$folder/flowvet-$target/flowvet$exe
}

from_pip() {
  local python=python3 bin=bin
  [ -z "$exe" ] || { python=python && bin=Scripts; }
  "$python" -m venv "$folder"
  "$folder/$bin/python$exe" -m pip install --quiet --disable-pip-version-check "flowvet==$version"
  program=$folder/$bin/flowvet$exe
}

from_cargo() {
  cargo install --quiet --locked --path "$action" --root "$folder"
  program=$folder/bin/flowvet$exe
}

program=${FLOWVET_PROGRAM:-}
if [ -z "$program" ]; then
  case ${FLOWVET_INSTALL:-release} in
    release) from_release ;;
    pip) from_pip ;;
    cargo) from_cargo ;;
    *) refuse "\`install\` is release, pip or cargo" ;;
  esac
fi
"$program" --version || refuse "The program is no flowvet that runs here"
printf 'program=%s\n' "$program" >>"${GITHUB_OUTPUT:?}"
