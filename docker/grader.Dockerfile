# The grader on the CPU. Build from the repository's root:
#   docker build -f docker/grader.Dockerfile -t cs231n-grader .
# Run it on a class:
#   docker run --rm --read-only --tmpfs /tmp -v "$PWD/class:/class:ro" -v "$PWD/out:/out" cs231n-grader \
#     run --assignment a2 /class --database sqlite:////out/grader.db --html /out/report
FROM python:3.11-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev python3-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY api api
COPY command command
COPY grader grader
COPY reference reference
COPY submissions submissions
COPY worker worker
# The pip of older base images cannot resolve the pinned versions.
RUN python -m venv /opt/grader \
    && /opt/grader/bin/pip install --no-cache-dir --upgrade pip \
    && /opt/grader/bin/pip install --no-cache-dir --constraint constraints.txt ".[service]"

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/grader /opt/grader
RUN useradd --create-home --uid 10001 grader
USER grader
ENV PATH=/opt/grader/bin:$PATH PYTHONDONTWRITEBYTECODE=1
ENTRYPOINT ["grader"]
CMD ["doctor"]
