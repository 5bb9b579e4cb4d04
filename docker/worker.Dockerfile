# The worker, and the whole command `grader`. Build from the repository's root:
#   docker build -f docker/worker.Dockerfile -t cs231n-grader-worker .
# For GPUs, with torch's wheels for CUDA from PyTorch's index of that CUDA version:
#   docker build -f docker/worker.Dockerfile -t cs231n-grader-worker:gpu --build-arg TORCH_INDEX=… .
# The wheels bring CUDA's libraries along; another base image is --build-arg BASE=….
#
# Without a service it grades a class:
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD/class:/class:ro" -v "$PWD/out:/out" cs231n-grader-worker \
#     grader run --assignment a2 /class --database sqlite:////out/grader.db --html /out/report
ARG BASE=python:3.11-slim
FROM ${BASE} AS build
ARG TORCH_INDEX=
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev python3-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY constraints.txt ./
# The pip of older base images cannot resolve the pinned versions. torch has a layer of its own: it is large
# and rarely changes.
RUN python -m venv /opt/grader \
    && /opt/grader/bin/pip install --no-cache-dir --upgrade pip \
    && /opt/grader/bin/pip install --no-cache-dir --constraint constraints.txt \
         ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} "$(grep '^torch==' constraints.txt)"
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY command command
COPY grader grader
COPY reference reference
COPY reporting reporting
COPY submissions submissions
COPY words words
COPY worker worker
RUN /opt/grader/bin/pip install --no-cache-dir --constraint constraints.txt ".[service,coco]"

FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/grader /opt/grader
# The same number in every image: they share the folder of uploads.
RUN useradd --create-home --uid 10001 grader \
    && install --directory --owner=grader /var/lib/grader /var/lib/grader/blobs
USER grader
WORKDIR /var/lib/grader
ENV PATH=/opt/grader/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 BLOB_DIR=/var/lib/grader/blobs
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s \
    CMD celery --app worker.app inspect ping --timeout 10 --destination "celery@$(hostname)"
CMD ["celery", "--app", "worker.app", "worker", "--queues", "cpu,upkeep"]
