# The service's HTTP side, without anything that grades. Build from the repository's root:
#   docker build -f docker/api.Dockerfile -t cs231n-grader-api .
FROM python:3.11-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev python3-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY constraints.txt docker/api-requirements.txt ./
# The pip of older base images cannot resolve the pinned versions.
RUN python -m venv /opt/grader \
    && /opt/grader/bin/pip install --no-cache-dir --upgrade pip \
    && /opt/grader/bin/pip install --no-cache-dir --constraint constraints.txt --requirement api-requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY command command
COPY grader grader
COPY reference reference
COPY reporting reporting
COPY submissions submissions
COPY words words
COPY worker worker
# One package for every image; what grades in it is taken out again.
RUN /opt/grader/bin/pip install --no-cache-dir --no-deps . \
    && rm -rf /opt/grader/lib/python3*/site-packages/reference /opt/grader/lib/python3*/site-packages/grader

FROM python:3.11-slim
COPY --from=build /opt/grader /opt/grader
# The same number in every image: they share the folder of uploads.
RUN useradd --create-home --uid 10001 grader \
    && install --directory --owner=grader /var/lib/grader /var/lib/grader/blobs
USER grader
WORKDIR /var/lib/grader
ENV PATH=/opt/grader/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 BLOB_DIR=/var/lib/grader/blobs
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["grader", "serve", "--host", "0.0.0.0", "--port", "8000"]
