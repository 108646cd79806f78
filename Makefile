# What a developer types; `make` alone lists it. Debian and Ubuntu: what a target needs is installed on its first run.

CARGO ?= cargo
BIN := target/release/watchtogether

.DEFAULT_GOAL := help
.PHONY: help demo install uninstall test check audit sim search bench-sync bench-tui bench-resume bench-attacks bench-live soak man picture snap build fmt

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Plays the bundled clip with a host and two friends and measures how far apart they are
	@scripts/need cargo cc libmpv
	@$(MAKE) --no-print-directory build
	@$(BIN) demo

build: ## Builds the program as it ships
	@scripts/need cargo cc
	$(CARGO) build --locked --release --bin watchtogether

# A package sets DESTDIR to the folder that stands for /.
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
BASH_COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS ?= $(PREFIX)/share/fish/vendor_completions.d

install: ## Installs program, manual and completions, after make build: [PREFIX=/usr/local] [DESTDIR=]
	@test -x $(BIN) || { echo "Build it first, as yourself: make build"; exit 1; }
	install -D -m 755 $(BIN) "$(DESTDIR)$(BINDIR)/watchtogether"
	install -d "$(DESTDIR)$(MANDIR)/man1" "$(DESTDIR)$(MANDIR)/man7"
	install -m 644 man/*.1 "$(DESTDIR)$(MANDIR)/man1"
	install -m 644 man/*.7 "$(DESTDIR)$(MANDIR)/man7"
	install -d "$(DESTDIR)$(BASH_COMPLETIONS)" "$(DESTDIR)$(ZSH_COMPLETIONS)" "$(DESTDIR)$(FISH_COMPLETIONS)"
	$(BIN) completions bash >"$(DESTDIR)$(BASH_COMPLETIONS)/watchtogether"
	$(BIN) completions zsh >"$(DESTDIR)$(ZSH_COMPLETIONS)/_watchtogether"
	$(BIN) completions fish >"$(DESTDIR)$(FISH_COMPLETIONS)/watchtogether.fish"

uninstall: ## Removes what make install installed: the same PREFIX and DESTDIR
	rm -f "$(DESTDIR)$(BINDIR)/watchtogether"
	cd man && for page in *.1; do rm -f "$(DESTDIR)$(MANDIR)/man1/$$page"; done
	cd man && for page in *.7; do rm -f "$(DESTDIR)$(MANDIR)/man7/$$page"; done
	rm -f "$(DESTDIR)$(BASH_COMPLETIONS)/watchtogether" "$(DESTDIR)$(ZSH_COMPLETIONS)/_watchtogether" \
	    "$(DESTDIR)$(FISH_COMPLETIONS)/watchtogether.fish"

test: ## Runs all tests of all members
	@scripts/need cargo cc libmpv pulseaudio pactl ffmpeg python3
	@scripts/run-tests

check: ## Looks at everything but behaviour: format, lints, documents, licences and bans
	@scripts/need cargo cc
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps
	@scripts/deny check licenses bans sources

audit: ## Looks for known advisories against our dependencies (fetches the advisory database)
	@scripts/need cargo cc
	@scripts/deny check advisories

sim: ## Runs the simulation over a thousand seeds for each claim: [SIM_SEEDS=n] of them, [SIM_SEED=n] replays one
	@scripts/need cargo cc
	SIM_SEEDS=$${SIM_SEEDS:-1000} $(CARGO) test --locked --release -p watchtogether --test it -- simulation --nocapture

search: ## Varies each searched number of the sync law and prints what that costs: [SIM_SEEDS=n] evenings of each kind
	@scripts/need cargo cc
	$(CARGO) test --locked --release -p watchtogether --test it -- --ignored simulation::search --nocapture

bench-sync: ## Measures real players from outside against their goals: BENCH_DIR=… [ALL=1] [SCENARIO= PROFILE= SEED= FILM= DRIFT= CLOCKS= MEDIA= OUT=]
	@scripts/need cargo cc python3
	@scripts/bench-sync

bench-tui: ## Measures what the screen costs at a terminal against its goals (three minutes)
	@scripts/need cargo cc libmpv python3
	@$(MAKE) --no-print-directory build
	@scripts/bench-tui $(BIN)

bench-resume: ## Measures that nothing is lost on bad networks and by killed servers: [ROW=migrations|restarts|bad_paths|silences|seats|clock_steps|store|truth] [SEED=n]
	@scripts/need cargo cc
	@scripts/bench-resume

bench-attacks: ## Measures what attacks on a server cost the honest room beside them (four minutes)
	@scripts/need cargo cc
	@$(CARGO) test --locked --release --quiet -p watchtogether-server --test it -- attacks::an_attack --ignored --nocapture

bench-live: ## Plays a live stream and a growing file with three real clients each and compares their clocks: [MINUTES=10]
	@scripts/need cargo cc libmpv ffmpeg python3
	@$(MAKE) --no-print-directory build
	@scripts/bench-live $(BIN) $${MINUTES:-10}

soak: ## Holds a server with comings and goings for half an hour and looks at what it holds: [MINUTES=n]
	@scripts/need cargo cc
	@ROW=soak scripts/bench-resume

man: ## Writes the man pages anew from the command line's own text
	UPDATE_MAN=1 $(CARGO) test --locked -p watchtogether --test it man_pages

picture: ## Draws the README's picture from the real program (needs tmux)
	@scripts/need cargo cc libmpv tmux python3
	@$(MAKE) --no-print-directory build
	scripts/picture $(BIN) examples/media/room.svg

snap: ## Accepts what the snapshot tests see now: [T=part of a test's name]; read the diff before you commit it
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 $(CARGO) test --locked --workspace $(T)
	@git --no-pager diff --stat -- '*.snap' man

fmt: ## Formats the code
	$(CARGO) fmt --all
