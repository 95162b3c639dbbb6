#!/bin/sh
# Repairs one repository for multi-gitter, which runs this in a fresh clone of each and opens a pull request with what
# has changed. Status 0 keeps the changes (no changes, no pull request); any other leaves the repository alone.
#
#   multi-gitter run ./multi_gitter_unchunk.sh --config multi-gitter.yml
#
# https://github.com/lindell/multi-gitter
set -eu

status=0
unchunk fix . || status=$?

# 1: something is left that wants a person; what could be repaired is repaired. 2: something went wrong.
if [ "$status" -gt 1 ]; then
    echo "unchunk could not look at all of ${REPOSITORY:-this repository}" >&2
    exit "$status"
fi
