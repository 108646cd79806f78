# Run `make` to list the targets. On Debian and Ubuntu, a target installs what it needs on its first run.

CARGO ?= cargo
BIN := target/release/watchtogether

.DEFAULT_GOAL := help
.PHONY: help demo install uninstall test check audit sim search bench-sync bench-sound bench-frames bench-tui bench-resume bench-attacks bench-live soak man picture snap build fmt

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Play the bundled clip with a host and two friends and measure how far apart they are
	@scripts/need cargo cc libmpv
	@$(MAKE) --no-print-directory build
	@$(BIN) demo

build: ## Build the release program
	@scripts/need cargo cc
	$(CARGO) build --locked --release --bin watchtogether

# Packages set DESTDIR to the folder that stands for /.
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
BASH_COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS ?= $(PREFIX)/share/fish/vendor_completions.d

install: ## Install program, man pages and completions; run make build first: [PREFIX=/usr/local] [DESTDIR=]
	@test -x $(BIN) || { echo "Build it first, as yourself: make build"; exit 1; }
	install -D -m 755 $(BIN) "$(DESTDIR)$(BINDIR)/watchtogether"
	install -d "$(DESTDIR)$(MANDIR)/man1" "$(DESTDIR)$(MANDIR)/man7"
	install -m 644 man/*.1 "$(DESTDIR)$(MANDIR)/man1"
	install -m 644 man/*.7 "$(DESTDIR)$(MANDIR)/man7"
	install -d "$(DESTDIR)$(BASH_COMPLETIONS)" "$(DESTDIR)$(ZSH_COMPLETIONS)" "$(DESTDIR)$(FISH_COMPLETIONS)"
	$(BIN) completions bash >"$(DESTDIR)$(BASH_COMPLETIONS)/watchtogether"
	$(BIN) completions zsh >"$(DESTDIR)$(ZSH_COMPLETIONS)/_watchtogether"
	$(BIN) completions fish >"$(DESTDIR)$(FISH_COMPLETIONS)/watchtogether.fish"

uninstall: ## Remove what make install installed, with the same PREFIX and DESTDIR
	rm -f "$(DESTDIR)$(BINDIR)/watchtogether"
	cd man && for page in *.1; do rm -f "$(DESTDIR)$(MANDIR)/man1/$$page"; done
	cd man && for page in *.7; do rm -f "$(DESTDIR)$(MANDIR)/man7/$$page"; done
	rm -f "$(DESTDIR)$(BASH_COMPLETIONS)/watchtogether" "$(DESTDIR)$(ZSH_COMPLETIONS)/_watchtogether" \
	    "$(DESTDIR)$(FISH_COMPLETIONS)/watchtogether.fish"

test: ## Run all tests of all crates
	@scripts/need cargo cc libmpv pulseaudio pactl ffmpeg python3
	@scripts/run-tests

check: ## Check format, lints, documentation, licences and bans
	@scripts/need cargo cc
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps
	@scripts/deny check licenses bans sources

audit: ## Check dependencies for security advisories (fetches the database)
	@scripts/need cargo cc
	@scripts/deny check advisories

sim: ## Run the simulation with a thousand seeds per claim: [SIM_SEEDS=n] of them, [SIM_SEED=n] replays one
	@scripts/need cargo cc
	SIM_SEEDS=$${SIM_SEEDS:-1000} $(CARGO) test --locked --release -p watchtogether --test it -- simulation --nocapture

search: ## Vary each searched constant of the sync controller and print the cost: [SIM_SEEDS=n] evenings of each kind
	@scripts/need cargo cc
	$(CARGO) test --locked --release -p watchtogether --test it -- --ignored simulation::search --nocapture

bench-sync: ## Measure real players from outside against the goals: BENCH_DIR=… [ALL=1] [SCENARIO= PROFILE= SEED= SEEDS= FILM= DRIFT= CLOCKS= MEDIA= OUT=]
	@scripts/need cargo cc python3
	@scripts/bench-sync

bench-sound: ## Record how far apart two players sound, beside Snapcast: BENCH_DIR=… [ROUNDS=3] [SECONDS=60] [PYTHON=, with numpy]
	@scripts/need cargo cc libmpv pulseaudio parec ffmpeg python3
	@$(MAKE) --no-print-directory build
	@scripts/bench-sound

bench-frames: ## Count how often two real windows show the same frame: BENCH_DIR=… [SEED=] [PYTHON=, with numpy]
	@scripts/need cargo cc libmpv Xvfb ffmpeg python3
	@$(MAKE) --no-print-directory build
	@scripts/bench-frames

bench-tui: ## Measure the cost of the screen in a terminal against the goals (three minutes)
	@scripts/need cargo cc libmpv python3
	@$(MAKE) --no-print-directory build
	@scripts/bench-tui $(BIN)

bench-resume: ## Check that bad networks and killed servers lose nothing: [ROW=migrations|restarts|bad_paths|silences|seats|clock_steps|store|truth] [SEED=n]
	@scripts/need cargo cc
	@scripts/bench-resume

bench-attacks: ## Measure what attacks on a server cost an honest room on it (four minutes)
	@scripts/need cargo cc
	@$(CARGO) test --locked --release --quiet -p watchtogether-server --test it -- attacks::an_attack --ignored --nocapture

bench-live: ## Play a live stream and a growing file with three real clients each and compare their clocks: [MINUTES=10]
	@scripts/need cargo cc libmpv ffmpeg python3
	@$(MAKE) --no-print-directory build
	@scripts/bench-live $(BIN) $${MINUTES:-10}

soak: ## Run a server with members joining and leaving for half an hour and check what it keeps: [MINUTES=n]
	@scripts/need cargo cc
	@ROW=soak scripts/bench-resume

man: ## Generate the man pages from the command line's help
	UPDATE_MAN=1 $(CARGO) test --locked -p watchtogether --test it man_pages

picture: ## Draw the picture in the README from the real program (needs tmux)
	@scripts/need cargo cc libmpv tmux python3
	@$(MAKE) --no-print-directory build
	scripts/picture $(BIN) examples/media/room.svg

snap: ## Accept the current output of the snapshot tests: [T=part of a test's name]; read the diff before you commit it
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 $(CARGO) test --locked --workspace $(T)
	@git --no-pager diff --stat -- '*.snap' man

fmt: ## Format the code
	$(CARGO) fmt --all
