# syntax=docker/dockerfile:1
# One image for every process; docker-compose.yml says what each runs.

FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY assets assets
RUN mkdir static-built && npm run --silent build

FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /venv
COPY requirements/base.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement base.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin threshold
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    STATIC_ROOT=/app/staticfiles \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=assets /build/static-built static-built
RUN python -m config.catalogues build
# Collecting static files needs no secret; production settings refuse to load without any, so these are nobody's.
RUN SECRET_KEY=build VAULT_KEYSETS=build ALLOWED_HOSTS=build BASE_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/build REDIS_URL=redis://build.invalid \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q config crm intake notifications jobs vault
USER threshold
EXPOSE 8000
# Overridden for each process in docker-compose.yml; this is web's, as in the Procfile.
CMD ["sh", "-c", "exec $(sed -n 's/^web: //p' Procfile)"]
