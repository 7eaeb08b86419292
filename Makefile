# jobzero: `make` shows what there is to do.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GO        ?= go
TOOL       = $(GO) tool -modfile=tools/go.mod
PACKAGES   = ./...
# Tests of packages in which nothing runs beside anything else go without the race detector. The longest begin first, so that no core has
# nothing to do at the end; one more runs than there are cores, as many of them wait for a disk or for another process. `make check` vets all
# of it, so that the tests do not once more.
STILL     := $(shell grep -v '^\#' test/still.txt)
LONG       = ./test/story ./internal/app ./internal/cli ./internal/store ./test/duty ./test/crash ./internal/playbook ./test/api ./test/access ./internal/action/builtin ./internal/flow
# It asks for one page after the other, and most of its time is Chromium's. The same handlers are asked at once, and with the race detector, in
# internal/console and test/api.
BROWSER    = ./test/browser
# The scripts of the command line start a program for each of their lines. What works side by side in it is tested with the detector in its own room.
SCRIPTS    = TestScripts
AT_ONCE   := $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))
RACED      = $(filter-out $(STILL:./%=jobzero/%) $(BROWSER:./%=jobzero/%),$(shell $(GO) list $(PACKAGES)))
VENV       = .venv
MOTO       = $(shell command -v $(VENV)/bin/moto_server || command -v moto_server)
FUZZTIME  ?= 20s
# SQLite here is C that a program turned into Go: all its pointers are made of numbers. To check each of them finds nothing and takes as
# long as the tests of the store themselves. Races are looked for in it as everywhere.
RACEFLAGS  = -gcflags=modernc.org/...=-d=checkptr=0
# A program with the race detector sleeps for a second when it ends. That is no use in hundreds of them: what was seen is told all the same.
RACEOPTS   = atexit_sleep_ms=0 $(GORACE)
CORPUS     = $(or $(JOBZERO_CORPUS),../shared/data)
OTHERS     = $(wildcard $(CORPUS)/suzaku-aws-rules $(CORPUS)/sigma-aws-rules)

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

build: ## build bin/jobzero
	$(GO) build -o bin/jobzero ./cmd/jobzero

release: ## build bin/jobzero as it is shipped: static, stripped, no paths of this machine in it
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/jobzero ./cmd/jobzero

emulator: ## see to it that the AWS emulator (moto 5.2.1) is there; installs it into .venv where it is not
	@bash test/emulator.sh

guard: ## see to it that cfn-guard 3.1.1 is there; npm brings it into bin where it is not
	@bash test/cfnguard.sh

oracle: ## see to it that another evaluator of IAM is there, against which decisions are held; npm brings it into bin where it is not
	@bash test/oracle.sh

oidc: ## see to it that a provider of OpenID Connect is there, against which signing in is tested; npm brings it into bin where it is not
	@bash test/oidc.sh

axe: ## see to it that axe-core is there, which pages are held against; npm brings it into bin where it is not
	@bash test/axe.sh

demo: build emulator ## watch three offences being repaired on an AWS emulator
	@$(GO) run ./test/demo -program bin/jobzero

test: emulator guard oracle oidc axe memory still ## run every test: with the race detector where there can be a race
	GORACE="$(RACEOPTS)" $(GO) test -race -vet=off -skip '^$(SCRIPTS)$$' $(RACEFLAGS) -shuffle=on -timeout 20m -p $(AT_ONCE) $(LONG) $(RACED)

still: guard oracle axe ## run without the race detector what has no race to show: packages that start no goroutine (test/still.txt), and the browser
	$(GO) test -vet=off -shuffle=on -run '^$(SCRIPTS)$$' ./internal/cli
	$(GO) test -vet=off -shuffle=on $(BROWSER) $(STILL)

memory: ## run the tests that measure memory, without the race detector, which changes it, and those that draw much: half a minute
	$(GO) test -vet=off -count 1 -v -run 'DoesNotHold|TestLiveIsReplay|TestWhatIsLeftIsTheSymmetricDifference' ./internal/app ./test/crash

check: ## formatting, vet, linters, generated code, tidy module
	@bash test/check.sh

fuzz: ## fuzz every parser for FUZZTIME each
	@bash test/fuzz.sh $(FUZZTIME)

bench: emulator replay-bench ## run the benchmarks, replay-bench first
	$(GO) test -run '^$$' -bench . -benchtime 1s $(PACKAGES)

crash: build emulator ## kill -9 at 200 random moments of 2,000 runs on each database, and of the demo story
	JOBZERO_CRASHES=200 JOBZERO_CRASH_RUNS=2000 $(GO) test -count 1 -timeout 60m -run TestKilled -v ./test/crash
	JOBZERO_CRASHES=200 $(GO) test -count 1 -timeout 60m -run TestKilledAtRandomMoments -v ./test/story
	JOBZERO_CRASHES=30 $(GO) test -count 1 -timeout 60m -run TestKilledWhile -v ./test/story

backlog: ## have 100,000 findings drained that came while nobody was at work: how fast, in how much memory
	JOBZERO_BACKLOG=100000 $(GO) test -count 1 -timeout 120m -run DoesNotHold -v ./test/crash

console-bench: ## measure every page of the console with 100,000 tickets and 1,000,000 findings, on both databases: minutes
	JOBZERO_CONSOLE_BENCH=1 $(GO) test -count 1 -timeout 90m -run TestPagesAreFast -v ./test/browser

pictures: ## look at every page of the console in Chromium, and keep what was seen in .pictures
	JOBZERO_PICTURES=$(CURDIR)/.pictures JOBZERO_REQUIRE_BROWSER=1 $(GO) test -count 1 -run TestEveryPageIsForEverybody ./test/browser

replay-bench: ## measure replay against gzip, and many rules against few, pair by pair
	@bash test/bench/replay.sh $(if $(OTHERS),-R content/rules $(OTHERS:%=-R %))

check-bench: ## measure check against cfn-guard on made-up templates, findings first; and a sweep
	@bash test/bench/check.sh
	GOMAXPROCS=1 $(GO) test -run '^$$' -bench Sweep ./test/gates

docs: build ## make docs/reference anew
	$(GO) run ./test/reference -write

quality: ## measure the rules on published samples, and write the page about it anew
	$(GO) test -count 1 ./test/quality -run TestQuality -update

agreement: ## hold the expectations against published examples, and write the page about it anew
	$(GO) test -count 1 ./test/agreement -run TestAgreement -v -write

generate: ## make generated code anew
	$(TOOL) sqlc generate

hooks: ## check before each commit
	git config core.hooksPath .githooks

clean: ## remove what was built
	rm -rf bin

.PHONY: help build release emulator guard oracle oidc axe demo test still memory check fuzz bench replay-bench check-bench crash backlog console-bench pictures docs quality agreement generate hooks clean
