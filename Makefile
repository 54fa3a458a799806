# The targets a newcomer guesses; "make" alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run dev cluster test cluster-test soak upgrade-test coverage check audit bench bench-micro seed screenshots publish cli packages samples clean need-dotnet need-node

export DOTNET_NOLOGO = 1
export DOTNET_CLI_TELEMETRY_OPTOUT = 1

SERVER = src/Hypersend.Server
WEB = src/Hypersend.Web

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: need-dotnet need-node ## build the server with its web app and run it on http://localhost:8000 (ARGS="--urls http://...")
	@dotnet publish $(SERVER) -c Release -o artifacts/server -v quiet -nologo
	@exec artifacts/server/hypersend-server $(ARGS)

dev: need-dotnet need-node ## run the server and rebuild it on every change; says how to do the same with the web app
	@echo "The web app with hot reload: npm --prefix $(WEB) run dev (in a second terminal)"
	@dotnet watch --project $(SERVER) run --property:RunWorkingDirectory=$(CURDIR) -- $(ARGS)

cluster: need-dotnet need-node ## nginx, three nodes, PostgreSQL, Redis, S3 and TURN on this machine: https://localhost:8443 (ARGS="--nodes=3 --port=8443 ...")
	@$(if $(filter --help,$(ARGS)),,dotnet publish $(SERVER) -c Release -o artifacts/server -v quiet -nologo)
	@exec deploy/cluster/cluster.sh $(ARGS)

test: need-dotnet need-node ## run every test; installs and starts what the tests need (tests/run.sh runs one suite)
	@tests/run.sh

cluster-test: need-dotnet need-node ## run the tests of the server against three nodes behind nginx (HYPERSEND_TEST_NODES=5 for five)
	@HYPERSEND_TEST_NODES=$${HYPERSEND_TEST_NODES:-3} tests/run.sh ServerTests $(ARGS)

soak: need-dotnet need-node ## run what takes gigabytes and minutes, and print its figures (SOAK_BYTES=268435456 for smaller files, ARGS=FaultTests for one suite)
	@HYPERSEND_SOAK=on tests/run.sh $(ARGS)

upgrade-test: need-dotnet need-node ## run the last tagged version beside this one under load, and upgrade its nodes one by one (FROM=commit)
	@tests/upgrade.sh $(FROM)

coverage: need-dotnet need-node ## run every test and count the lines of the server that ran
	@TEST_COVERAGE=on tests/run.sh

check: need-dotnet need-node ## formatting, types, arrows, documents and shell syntax, without running anything
	dotnet format Hypersend.slnx --verify-no-changes
	[ -d $(WEB)/node_modules ] || npm --prefix $(WEB) ci
	npm --prefix $(WEB) run check
	node tests/check-house.mjs
	bash -n tests/run.sh && bash -n tests/upgrade.sh && bash -n tests/setup.sh && bash -n .ci/run
	deploy/check.sh
	@if command -v shellcheck >/dev/null; then shellcheck -x tests/*.sh deploy/*.sh deploy/*/*.sh .ci/run; else echo "shellcheck is not here: skipped"; fi

audit: need-dotnet need-node ## a bill of what is in it (artifacts/bill-of-materials.json), and whether a hole is known in any of that
	@node tests/audit.mjs

bench: need-dotnet need-node ## load the whole server and print what it does (ARGS="..." go to bench/Hypersend.Load)
	@dotnet run --project bench/Hypersend.Load -c Release -- $(ARGS)

bench-micro: need-dotnet ## time the smallest steps of the hot paths, and count what they allocate (ARGS="--filter *Fanout*" for some)
	@dotnet run --project bench/Hypersend.Bench -c Release -p:SkipWeb=true -- $(ARGS)

seed: need-dotnet ## two people, four chats and 10,000 messages on a running server (ARGS="http://... --password=...")
	@dotnet run --project bench/Hypersend.Seed -c Release -- $(ARGS)

screenshots: need-dotnet need-node ## every screen of the web app as a picture, in artifacts/screenshots (ARGS="only=chat,list sizes=phone themes=dark languages=en")
	@dotnet publish $(SERVER) -c Release -o artifacts/server -v quiet -nologo
	@[ -d $(WEB)/node_modules/playwright-core ] || npm --prefix $(WEB) ci
	@node $(WEB)/scripts/screenshots.mjs $(ARGS)

publish: need-dotnet need-node ## a compiled build for linux-x64 that starts fast, in artifacts/publish
	dotnet publish $(SERVER) -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o artifacts/publish -nologo

cli: need-dotnet ## the command line for linux-x64 in one file, artifacts/cli/hypersend
	dotnet publish src/Hypersend.Cli -c Release -r linux-x64 --self-contained -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false -p:DebugType=none -o artifacts/cli -v quiet -nologo

packages: need-dotnet ## Hypersend.Sdk for C# programs, and the types it speaks, as packages in artifacts/packages
	dotnet pack src/Hypersend.Contracts -c Release -o artifacts/packages -v quiet -nologo
	dotnet pack src/Hypersend.Sdk -c Release -p:IsForOthers=true -o artifacts/packages -v quiet -nologo

samples: packages need-dotnet ## build the samples against those packages alone, and run two of them against a server
	@tests/samples.sh

clean: ## remove everything that was built; data/ stays
	rm -rf artifacts $(SERVER)/wwwroot $(SERVER)/wwwroot.new $(WEB)/node_modules $(WEB)/.build-lock
	find src samples tests bench -type d \( -name bin -o -name obj \) -not -path '*/node_modules/*' -prune -exec rm -rf {} +

need-dotnet:
	@dotnet --list-sdks 2>/dev/null | grep -q '^10\.' || { \
	  echo "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download and try again." >&2; exit 1; }

need-node:
	@{ node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' && npm --version >/dev/null; } 2>/dev/null || { \
	  echo "Node.js 20.19 or newer with npm is missing: install it from https://nodejs.org and try again." >&2; exit 1; }
