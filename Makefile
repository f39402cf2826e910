# Birlik. make run: the portal with demonstration data. make test: everything, proved.
.PHONY: run test bench build generate lint styles needs
GO ?= go

run: build
	@PORTAL_MODE=$${PORTAL_MODE:-demo} ./bin/portal serve

build:
	@$(GO) build -trimpath -o bin/portal ./cmd/portal

# Tests need a Chromium, and pdftotext to read papers again; a PostgreSQL is found or fetched by the tests themselves.
# No result is taken from the cache: what a test of the built program found does not hold for the next build.
test: needs
	@$(GO) run ./test/summary -race -count=1 -timeout 20m ./...

needs:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || [ -n "$$CHROMIUM" ] || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "make test needs Chromium: sudo apt-get install chromium"; exit 1; fi; }
	@command -v pdftotext >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing poppler-utils"; apt-get update -qq && apt-get install -y -qq poppler-utils >/dev/null; \
	  else echo "make test needs pdftotext: sudo apt-get install poppler-utils"; exit 1; fi; }

# wrk and pgbench measure; BENCH="--scale 1m" chooses the size.
bench: build
	@PORTAL_MODE=$${PORTAL_MODE:-demo} ./bin/portal bench $(BENCH)

# Templates and styles are generated and committed; this leaves no difference.
generate: styles
	@$(GO) tool templ generate -log-level error

styles:
	@$(GO) generate ./web/static

lint:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not gofmt-clean:"; echo "$$out"; exit 1; }
	@$(GO) vet ./...
	@$(GO) tool staticcheck ./...
