# One command each: `make build` makes bin/guildhall with everything in it.
# What is up to date is not made again.

GO     ?= go
DIST   := internal/web/asset/dist
PRESS  := internal/web/asset/press
PAGES  := internal/web/page
FRAME  := $(PAGES)/shell

templates := $(shell find internal -name '*.templ')
styles    := $(shell find $(PAGES) -name '*.css')
scripts   := $(shell find $(PAGES) -name '*.ts')
masked    := $(PAGES)/space/safe.entry.ts
opining   := $(PAGES)/consultation/opine.entry.ts
entries   := $(FRAME)/app.css $(FRAME)/app.ts $(filter-out $(masked) $(opining),$(filter %.entry.ts,$(scripts)))
browsers  := chrome100,firefox102,safari15.4

# Templates grow by a third where the compiler puts them into their callers; the
# two packages whose hand-written parts stand fifty times on a page may.
small := -trimpath -ldflags='-s -w' -gcflags=guildhall/$(PAGES)/...=-l -gcflags=guildhall/$(FRAME)= -gcflags=guildhall/$(PAGES)/forum= \
	-gcflags=guildhall/internal/web=-l -gcflags=guildhall/internal/web/account=-l \
	-gcflags=github.com/google/cel-go/...=-l -gcflags=github.com/antlr4-go/antlr/v4=-l -gcflags=buf.build/...=-l -gcflags=google.golang.org/grpc/...=-l \
	-gcflags=github.com/redis/go-redis/...=-l -gcflags=github.com/nats-io/...=-l -gcflags=github.com/nyaruka/...=-l -gcflags=github.com/livekit/protocol/...=-l \
	-gcflags=github.com/livekit/psrpc/...=-l -gcflags=github.com/d5/tengo/...=-l -gcflags=google.golang.org/protobuf/...=-l \
	-gcflags=github.com/emersion/go-webdav/...=-l -gcflags=github.com/emersion/go-ical=-l -gcflags=github.com/caddyserver/...=-l -gcflags=github.com/mholt/...=-l -gcflags=github.com/pressly/goose/...=-l \
	-gcflags=github.com/prometheus/...=-l -gcflags=go.opentelemetry.io/...=-l -gcflags=github.com/urfave/...=-l -gcflags=github.com/miekg/dns=-l -gcflags=github.com/google/go-tpm/...=-l \
	-gcflags=guildhall/internal/app=-l -gcflags=github.com/go-webauthn/...=-l -gcflags=github.com/BurntSushi/...=-l -gcflags=github.com/twitchtv/...=-l -gcflags=github.com/hashicorp/...=-l -gcflags=github.com/ua-parser/...=-l

BROWSE := e2e/browser

.PHONY: bench consultation-report watch-report retaliation build first assets generate run needs test test-quick test-browser test-calls test-long screenshots lighthouse clean

build: first assets generate
	$(GO) run ./internal/web/source/pack internal/web/source/archive/guildhall.tar.br
	@[ -x bin/guildhall ] || echo "Compiling the hall itself; nothing is said for a minute or two."
	@CGO_ENABLED=0 $(GO) build $(small) -o bin/guildhall ./cmd/guildhall

first:
	@[ -x bin/guildhall ] || echo "The first build downloads and compiles for a few minutes, its tools first; it is silent at times."

assets: build/assets.done

generate: build/templates.done

node_modules/.done: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build/fonts/atkinson-latin.woff2: $(PRESS)/subset.mjs node_modules/.done
	node $< $(dir $@)
	@touch $@

bundle := $(GO) tool esbuild --bundle --minify --format=esm --splitting --target=$(browsers) --charset=utf8 --loader:.woff2=file --outdir=$(DIST) \
	--entry-names='[name]-[hash]' --asset-names='[name]-[hash]' --chunk-names='[name]-[hash]' --log-level=warning

# Every file's name carries its hash, so the old ones go first. sw.js keeps its
# name: its address must never change. The program of safe spaces shares no file
# with other pages, nor does what answers consultations: cut into few pieces they are a seventh smaller.
build/assets.done: $(styles) $(scripts) build/fonts/atkinson-latin.woff2 $(wildcard $(PRESS)/*.go) internal/web/asset/asset.go
	rm -f $(DIST)/*
	$(bundle) $(entries)
	$(bundle) $(masked)
	$(bundle) $(opining)
	$(GO) tool esbuild $(FRAME)/sw.ts --bundle --minify --format=iife --target=$(browsers) --outfile=$(DIST)/sw.js --log-level=warning
	$(GO) run ./$(PRESS) $(DIST)
	@touch $@

build/templates.done: $(templates)
	$(GO) tool templ generate -path internal -log-level=error
	@gofmt -w $(templates:.templ=_templ.go)
	@mkdir -p build && touch $@

# The demonstration hall, with everything built first: on localhost:8080, or the
# next port that is free, or where LISTEN says.
run: build
	@echo "Opening the demonstration hall; its address follows. Ctrl-C closes it."
	@./bin/guildhall demo --data demo $(if $(LISTEN),--listen $(LISTEN))

# Everything: what is missing is installed or named, then the code's own checks,
# the rooms and the stories on both databases, and the browsers.
test: needs test-quick test-browser
	@echo "All tests passed."

needs:
	@scripts/needs

# What needs no browser.
test-quick: build
	@unformatted=$$(gofmt -l cmd internal e2e bench retaliation); [ -z "$$unformatted" ] || { echo "gofmt these: $$unformatted"; exit 1; }
	@[ ! -d .git ] || git diff --exit-code --stat -- '*_templ.go' || { echo "templates were not generated anew: commit these"; exit 1; }
	$(GO) vet ./...
	npm run --silent check
	npm test --silent
	$(GO) test -timeout 20m ./...
	$(GO) test -race -short -timeout 10m ./internal/web/quota ./internal/lang ./internal/ident ./internal/fault ./internal/member/key

# What takes longer: each handler is emptied in turn, and a story must notice.
test-long: build
	$(GO) vet -tags long ./e2e
	$(GO) test -tags long -count=1 -timeout 30m -run TestEmptied ./e2e

# How well somebody who holds everything can tell whose mask it is: plays whole
# halls with the real program, built with a clock that can be moved. Takes hours;
# RETALIATION="-short" takes two minutes and bounds nothing, "-why" says what told.
retaliation: build
	$(GO) build -tags testclock -o build/guildhall-testclock ./cmd/guildhall
	$(GO) run ./retaliation $(RETALIATION)

# How well the watch over terms tells a change from noise: recorded histories,
# held against labels. WATCH="-half tune -why" or "-why DIR" for other ones.
watch-report:
	$(GO) run ./bench/watch $(WATCH)

# Figures, one a line: name value unit. Takes some minutes, and nginx.
bench: build
	$(GO) run ./bench $(BENCH)

$(BROWSE)/node_modules/.done: $(BROWSE)/package-lock.json
	npm ci --prefix $(BROWSE) --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

# How the opinion groups we find agree with those recorded for real consultations,
# a line of JSON each. DIR is where they lie.
consultation-report: build
	@./bin/guildhall consultation compare $(or $(DIR),$(or $(GUILDHALL_DATA),../shared/data)/consultations)/*/

# The paths that scripts exist for, in real browsers. What a failing test saw is
# kept in build/browser.
test-browser: build $(BROWSE)/node_modules/.done
	$(GO) test -tags browser -count=1 -parallel 2 -timeout 15m ./$(BROWSE)

# Calls at length, as root and with nftables: homes behind routers that lose packets, change
# or let little through, each in a network of its own on this machine; then the ringing,
# twenty times. Takes about fifteen minutes.
test-calls: build $(BROWSE)/node_modules/.done
	$(GO) test -tags "browser calls" -count=1 -timeout 15m -run 'TestFar_|TestFigures_' -v ./$(BROWSE)
	$(GO) test -tags browser -count=20 -failfast -timeout 30m -run 'TestCall_pressRingAnswer' ./$(BROWSE)

# Every page on a phone and on a desk, by day and by night, in English and in
# Arabic, from the demonstration hall.
screenshots: build
	SCREENSHOTS=$(CURDIR)/screenshots $(GO) test -tags browser -count=1 -timeout 15m -run TestScreenshots ./$(BROWSE)

# Performance, accessibility, best practices and findability of the front page
# and of a discussion; fails below 95.
lighthouse: build $(BROWSE)/node_modules/.done
	LIGHTHOUSE=yes $(GO) test -tags browser -count=1 -timeout 15m -v -run TestLighthouse ./$(BROWSE)

clean:
	rm -rf bin build node_modules $(BROWSE)/node_modules $(DIST)/*
