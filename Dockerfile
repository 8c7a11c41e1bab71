# Three stages: the first sets up with the script of the README, the second builds the documentation, the third is the image.
# Works with a read-only root file system: give it a /data volume and a tmpfs on /tmp.
FROM debian:12-slim AS setup
WORKDIR /srv/colophon
COPY bin/setup bin/setup
RUN bin/setup --system-only
COPY requirements.lock requirements-build.lock pyproject.toml README.md LICENSE ./
COPY docs/colophon.1 docs/
COPY service service
COPY schemas schemas
COPY clients clients
COPY wsgi.py openapi.yaml ./
RUN bin/setup && find .venv -name __pycache__ -prune -exec rm -rf {} +

FROM setup AS docs
COPY requirements-docs.lock mkdocs.yml compose.yaml CHANGELOG.md CONTRIBUTING.md SECURITY.md ./
COPY bin/docs bin/docs
COPY tools tools
COPY bench/README.md bench/RESULTS.md bench/
COPY examples examples
COPY docs docs
RUN bin/docs

FROM debian:12-slim
WORKDIR /srv/colophon
COPY bin/setup bin/setup
RUN bin/setup --system-only && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin colophon \
    && install -d -o colophon -g colophon /data
COPY --from=setup /srv/colophon /srv/colophon
COPY --from=docs /srv/colophon/service/web/site service/web/site
ENV COLOPHON_DATA_DIR=/data COLOPHON_HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1 PATH=/srv/colophon/.venv/bin:$PATH
USER 10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
ENTRYPOINT ["colophon"]
CMD ["serve"]
