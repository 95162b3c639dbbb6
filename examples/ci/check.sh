#!/bin/sh
# Any other CI: fails on findings, and keeps a machine-readable report.
#   sh check.sh [BRANCH]    with a branch, only what was changed since then counts
set -eu

status=0
if [ $# -gt 0 ]; then
    unchunk check --output-format json --output-file unchunk.json --diff-base "$1" || status=$?
    unchunk check --diff-base "$1" --statistics || status=$?
else
    unchunk check --output-format json --output-file unchunk.json || status=$?
    unchunk check --statistics || status=$?
fi
exit "$status"
