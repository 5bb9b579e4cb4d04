#!/usr/bin/env bash
# Packs what is to be handed in. submission.txt, beside this script, says what that is: its first
# line is the name of the archive, every other line a file that must be there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

{
    read -r archive
    mapfile -t required
} < submission.txt

missing=0
for file in "${required[@]}"; do
    if [[ ! -f "$file" ]]; then
        echo "Missing: $file" >&2
        missing=1
    fi
done
if (( missing )); then
    echo "No archive was made. Put the missing files back and run this script again." >&2
    exit 1
fi

rm -f "$archive"
{
    printf '%s\n' "${required[@]}" | grep '\.ipynb$'
    # Hidden folders hold environments and checkpoints, never coursework.
    find . -name '.?*' -prune -o -type f \( -name '*.py' -o -name '*.pyx' \) \
        ! -name makepdf.py -print | sed 's|^\./||'
} | zip -q -@ "$archive"
echo "Made $archive. Upload this file."
