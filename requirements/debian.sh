#!/bin/sh
# Installs the packages of requirements/debian.txt that are missing; without apt, or the right to use it, says which.
set -eu
cd "$(dirname "$0")"

missing=""
while read -r package test; do
    case "$package" in "" | "#"*) continue ;; esac
    $test </dev/null >/dev/null 2>&1 || missing="$missing $package"
done <debian.txt
[ -n "$missing" ] || exit 0

as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
    echo "The tests run programs that are not installed here, from these packages of Debian:$missing" >&2
    echo "Install them (as root: apt-get install$missing), then run this again." >&2
    exit 1
fi
echo "Installing$missing"
$as_root apt-get update --quiet --quiet
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends $missing >/dev/null
