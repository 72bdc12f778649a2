# Every verb of the project. A fresh Debian machine needs git, Go, Node and make; the rest is installed by bootstrap.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := bin/gonghui
WEB := app/web
GOFILES := $(shell find app tenant branding builder media deploy \( -name '*.go' -o -name '*.dex' \) -not -path '*/node_modules/*' 2>/dev/null)
WEBFILES := $(shell find $(WEB) -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.html' -o -name '*.json' -o -name '*.svg' \) -not -path '*/node_modules/*' -not -path '$(WEB)/dist/*' 2>/dev/null)
TOOLS := $(CURDIR)/bin/tools
export PATH := $(TOOLS):$(PATH)

help: ## list these verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

bootstrap: ## install what the machine lacks (Postgres 15, Redis, fonts)
	@bash deploy/local/bootstrap.sh

run: bootstrap $(BIN) ## build, start everything, print addresses and demo accounts (SEED=empty: without people; LAN=1: for phones too)
	@GONGHUI_LAN="$${GONGHUI_LAN:-$(LAN)}" exec $(BIN) up

clean-run: ## forget everything that make run has made
	@go run ./deploy/local/clean .run

$(BIN): $(WEB)/dist/.built $(GOFILES) go.mod go.sum
	@mkdir -p bin
	go build -o $(BIN) ./app/cmd/gonghui

build: $(BIN) ## build the web apps and the binary

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json
	cd $(WEB) && npm install
	@touch $@

$(WEB)/dist/.built: $(WEB)/node_modules/.installed $(WEBFILES)
	cd $(WEB) && npm run build
	@touch $@

web: $(WEB)/dist/.built ## build the web apps

test: ## everything: Go, web units, browser journeys
	@bash deploy/local/bootstrap.sh --test
	@$(MAKE) --no-print-directory $(BIN)
	@bash deploy/local/test.sh

verify-apps: ## the packages of 500 bodies through every checker
	@bash deploy/local/bootstrap.sh --test
	@APPS=500 CI=true go test ./builder/apk -count=1 -run 'TestCheckers|TestAll' -timeout 90m

ballot: ## the proof of the secret ballot: 200 ballots of 20 voters against a matcher with the whole dump
	@bash deploy/local/bootstrap.sh --test
	@$(MAKE) --no-print-directory $(BIN)
	@GONGHUI_BALLOTS=200 go test ./app/e2e -count=1 -run TestABallotKeepsItsSecret -v -timeout 60m

e2e: ## the journeys alone
	@bash deploy/local/bootstrap.sh --test
	@$(MAKE) --no-print-directory $(BIN)
	@bash deploy/local/test.sh journeys

album: ## every screen as a picture in app/e2e/browser/shots, in both sizes, languages and modes
	@bash deploy/local/bootstrap.sh --test
	@$(MAKE) --no-print-directory web
	@ALBUM=whole go test ./app/e2e/browser -count=1 -v -run 'TestJourneys/shots' -timeout 40m

network: ## meetings over bad networks, the long way: speech, narrow paths, the way in, coming back
	@bash deploy/local/bootstrap.sh --test
	@$(MAKE) --no-print-directory web
	@NETWORK=long go test ./app/e2e/browser -count=1 -v -run 'TestJourneys/network'

fuzz: ## every fuzz target for some seconds (FUZZTIME=10s; FUZZ=media: of a folder)
	@bash deploy/local/fuzz.sh

bench: $(BIN) ## measure against floors in the same run and write BENCH.md
	@bash deploy/local/bootstrap.sh
	@$(BIN) bench --write BENCH.md

bench-sfu: $(BIN) ## measure the server of sound and pictures alone and put its figures into BENCH.md
	@$(BIN) bench sfu --write BENCH.md

soak: ## half an hour of people who come to meetings and go
	SOAK=30m go test ./media/sfu/load -run TestSoak -count=1 -v -timeout 40m

lint: $(WEB)/node_modules/.installed ## gofumpt, vet, staticcheck, biome, types
	@bash deploy/local/lint.sh

gen: ## write generated code anew: protos, OpenAPI, TypeScript client, sqlc, wire
	@bash deploy/local/gen.sh

verify: ## fail when generated code is not what its sources say
	@bash deploy/local/verify.sh

.PHONY: help bootstrap run clean-run build web test ballot e2e album network fuzz bench bench-sfu soak lint gen verify
