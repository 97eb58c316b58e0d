#!/usr/bin/env bash
# Makes sure that there is a browser for the tests that need one. They are skipped where it cannot be had, and say so.
set -uo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" > /dev/null; then
    echo "Browser for the tests: $(command -v "$name")"
    exit 0
  fi
done
run=()
if [ "$(id -u)" != 0 ]; then run=(sudo -n); fi
if command -v apt-get > /dev/null &&
  timeout 60 "${run[@]}" apt-get update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=15 &&
  DEBIAN_FRONTEND=noninteractive timeout 120 "${run[@]}" apt-get install -qq -y --no-install-recommends chromium > /dev/null; then
  echo "Browser for the tests: $(command -v chromium)"
  exit 0
fi
echo 'SKIPPED: no browser could be installed; the tests of consent in a browser are left out.'
