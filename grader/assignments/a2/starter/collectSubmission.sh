#!/usr/bin/env bash
# Packs a2_code_submission.zip from the folder that this script lies in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

archive="a2_code_submission.zip"
required=(
    cs231n/layers.py
    cs231n/optim.py
    cs231n/solver.py
    cs231n/classifiers/fc_net.py
    cs231n/classifiers/cnn.py
)
notebooks=(
    FullyConnectedNets.ipynb
    BatchNormalization.ipynb
    Dropout.ipynb
    ConvolutionalNetworks.ipynb
    PyTorch.ipynb
)

missing=0
for file in "${required[@]}" "${notebooks[@]}"; do
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
    printf '%s\n' "${notebooks[@]}"
    # Hidden folders hold environments and checkpoints, never coursework.
    find . -name '.?*' -prune -o -type f \( -name '*.py' -o -name '*.pyx' \) \
        ! -name makepdf.py -print | sed 's|^\./||'
} | zip -q -@ "$archive"
echo "Made $archive. Upload this file."
