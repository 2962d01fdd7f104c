FROM python:3.13-slim AS environment
WORKDIR /service
COPY requirements.lock .
RUN python -m venv .venv \
    && .venv/bin/pip install -qq --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r requirements.lock \
    && .venv/bin/pip uninstall -qq --yes pip

FROM python:3.13-slim
WORKDIR /service
ENV PATH=/service/.venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 DATA_DIR=/data
RUN useradd --system --no-create-home --uid 10001 service && install -d -o service /data
COPY --from=environment /service/.venv .venv
COPY alembic.ini .
COPY migrations migrations
COPY app app
RUN python -m compileall -q app migrations
USER 10001
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "app", "serve"]
