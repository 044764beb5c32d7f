# The service and the digests with all extras: docs/service.md#containers.
FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY prompts prompts
COPY summarizer summarizer
RUN python -m pip wheel --no-deps --wheel-dir /wheels .
RUN python -m venv --without-pip /opt/summarizer
RUN python -m pip --python /opt/summarizer/bin/python install --compile --constraint constraints.txt "$(ls /wheels/*.whl)[all]"
RUN mkdir /data

FROM python:3.11-slim
COPY --from=build /opt/summarizer /opt/summarizer
# A new volume takes over the owner of the folder.
COPY --from=build --chown=10001:10001 /data /data
# All that is written is below /data; each file in /run/secrets is a variable of its name.
ENV PATH=/opt/summarizer/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/data \
    XDG_DATA_HOME=/data \
    XDG_CACHE_HOME=/data/cache \
    XDG_CONFIG_HOME=/data/config \
    SUMMARIZER_STORE=/data/store.db \
    SUMMARIZER_SECRETS=/run/secrets
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener as b; b(ProxyHandler({})).open('http://127.0.0.1:8080/api/v1/health', timeout=5)"]
ENTRYPOINT ["summarizer"]
CMD ["serve", "--host", "0.0.0.0"]
