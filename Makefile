# Plenary's everyday commands. `make` alone lists them.
#
# Everything that is built goes to build/. The system's packages that a target
# needs are found and installed by packaging/system-packages.sh, which asks first
# on a terminal (YES=1 answers for you).

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SYSTEM := $(shell uname -s)

# The flags are those of `fyne package --release`, to the letter: cgo packages
# (GLFW above all) take minutes to compile and are cached per set of flags.
# -buildvcs=false because packaging builds from a copy that is no repository.
export CGO_CFLAGS  := -O3 -pipe -D_FORTIFY_SOURCE=3 -fstack-protector-strong
ifeq ($(SYSTEM),Darwin)
export CGO_CFLAGS  += -mmacosx-version-min=10.13
export CGO_LDFLAGS := -Wl,-dead_strip_dylibs -mmacosx-version-min=10.13
else
export CGO_LDFLAGS := -Wl,-z,relro,-z,now -Wl,--as-needed
endif
ifneq ($(filter arm64 aarch64,$(shell uname -m)),)
export CGO_CFLAGS  += -mbranch-protection=bti+pac-ret
endif
export GOFLAGS := -trimpath -buildvcs=false
export CGO_ENABLED := 1

# migrated_fynedo: every call into Fyne is already on its goroutine, no checks at run time.
# no_emoji: 4 MB of colour emoji that no text of ours uses.
# release: what `fyne package --release` sets; without it Fyne looks for FyneApp.toml at each start.
# x11: input methods for Chinese work through X11 only, and so does raising the
# window for a second instance; every Wayland desktop has Xwayland.
TAGS := migrated_fynedo,no_emoji,release
WINDOWS_TAGS := $(TAGS)
ifeq ($(SYSTEM),Linux)
TAGS := $(TAGS),x11
endif
# Only the linker is told the version: a new commit links anew and compiles nothing.
VERSION := $(shell sh packaging/version.sh)
LINK := -ldflags "-s -w -X main.version=$(VERSION)"
RELEASE := -tags $(TAGS) $(LINK)
E2E_RELEASE := -tags $(TAGS),e2e $(LINK)
# Programs for Windows, built on Linux; the library is mingw's stack protector.
WINDOWS := GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc CGO_LDFLAGS=-l:libssp.a

TOOL := go tool -modfile=tools/go.mod
# Each run of the tests leaves its numbers here, so that the last line can give their sum.
COUNTS := build/test-counts
GOTESTSUM = $(TOOL) gotestsum --format pkgname --hide-summary=skipped \
	--post-run-command 'sh packaging/count-tests.sh $(COUNTS)' --
# The same for what a script runs, which then says go test -json.
GOTESTSUM_OF = $(TOOL) gotestsum --format pkgname --hide-summary=skipped \
	--post-run-command 'sh packaging/count-tests.sh $(COUNTS)' --raw-command --
# The packages with unit tests, those first that take longest: whatever is begun last
# has a core for itself.
LONGEST := ./screens/... ./app ./app/withservice ./service/accounts ./cmd/plenaryd ./service/httpapi ./service/registrations ./service \
	./localdb
UNIT = $(LONGEST) $$(go list -tags $(TAGS) ./... | grep -v -e '^plenary$$' -e '^plenary/e2e')
# What computes and shares nothing (SQLite, which is C that was translated to Go;
# compression; the drawing of letters) is not watched by the race detector, which
# would make it some ten times slower; all that is ours is, and Fyne, and badger.
UNWATCHED = modernc.org/sqlite/... modernc.org/libc/... compress/flate golang.org/x/image/... \
	github.com/go-text/... github.com/fyne-io/oksvg/... github.com/srwiley/...
# What tests write goes to memory where there is room (Linux): their programs wait for
# the disk at each commit, which no test sees. What the compiler writes does not.
# The race detector would wait a second at the end of each program.
UNIT_ENV = GOGC=400 GORACE=atexit_sleep_ms=10 $(IN_MEMORY)
IN_MEMORY = $(shell sh packaging/in-memory.sh)
RACE = -race $(foreach p,$(UNWATCHED),-gcflags=$(p)=-race=false)
GO_FILES = git ls-files --cached --others --exclude-standard -- '*.go'

##@ Use

.PHONY: help
help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: ## Build Plenary and open its demonstration (without a display: the tour on a virtual one)
	@sh packaging/system-packages.sh run
	@sh packaging/first-build.sh
	@$(MAKE) build/plenary
	@if [ "$(SYSTEM)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		build/plenary --demo; \
	else \
		echo "No display is at hand (neither DISPLAY nor WAYLAND_DISPLAY is set): running the tour on a virtual one."; \
		$(MAKE) tour; \
	fi

.PHONY: service
service: build/plenaryd ## Build plenaryd, the account service, and start it alone (data in build/service)
	@sh packaging/service.sh

.PHONY: packages
packages: ## Make all packages for Linux and Windows: build/packages (KINDS='linux plenaryd' for some)
	@sh packaging/system-packages.sh package
	@sh packaging/system-packages.sh windows
	@sh packaging/packages.sh $(TAGS) $(WINDOWS_TAGS) $(KINDS)

.PHONY: packages-linux
packages-linux:
	@sh packaging/packages.sh $(TAGS) $(WINDOWS_TAGS) linux plenaryd

.PHONY: windows
windows: ## Build Plenary and plenaryd for Windows: build/windows (the first time 8 minutes more)
	@sh packaging/system-packages.sh windows
	@sh packaging/package-windows.sh $(WINDOWS_TAGS)

##@ Develop

# What has changed is compiled first: vet and the tests would each do it for themselves.
.PHONY: check
check: ## The everyday check: format, vet, staticcheck, unit tests (imports and generated files among them)
	@sh packaging/system-packages.sh unit
	@rm -f $(COUNTS)
	@$(UNIT_ENV) go list -export -test -tags $(TAGS) ./... >/dev/null
	@$(MAKE) -j3 format-check lint tests

# First what compiles most and runs nothing. On a fresh machine vet-platforms compiles
# bindings of OpenGL for minutes, on one core: the other one does the rest meanwhile.
# Then what runs real programs in real windows, and mostly waits, and beside it, with
# less right to the cores, what computes.
.PHONY: test
test: ## All tests from nothing: check under the race detector, then the real program in a real window, the tour included
	@sh packaging/system-packages.sh wine
	@rm -f $(COUNTS)
	@$(MAKE) -j2 vet-platforms lint-packaging format-check lint
	@$(MAKE) -j3 test-windows test-units pictures
	@sh packaging/count-tests.sh $(COUNTS) sum

.PHONY: test-windows
test-windows:
	@for part in e2e wine-walk; do $(MAKE) $$part || exit; done

.PHONY: test-units
test-units:
	@for part in unit wine-unit; do nice $(MAKE) $$part || exit; done

.PHONY: wine
wine: wine-unit wine-walk ## Try the programs for Windows under Wine; pictures in build/wine/walk

.PHONY: stress
stress: ## The tests of concurrency and of faults, twenty times each; before an issue is closed
	@sh packaging/system-packages.sh unit
	@sh packaging/stress.sh $(TAGS)

# In make test with fewer operations.
OPERATIONS := 2000
SEED := 0
.PHONY: torture
torture: build/plenaryd ## Programs that are killed, behind a network that loses, repeats and lies: each operation is done once (SEED=N repeats a run)
	@go test -count=1 -v -timeout 30m -vet=off -tags $(TAGS),e2e ./e2e/torture -operations $(OPERATIONS) -seed $(SEED)

.PHONY: tour
tour: ## Walk the whole path in a real window; pictures and report in build/tour
	@sh packaging/system-packages.sh test
	@sh packaging/first-build.sh
	@rm -f $(COUNTS)
	@$(MAKE) e2e E2E='-run ^TestTour$$'
	@echo "Pictures and report.json are in build/tour."

.PHONY: bench
bench: ## Measure what people feel against the aims; report in build/bench
	@sh packaging/system-packages.sh test
	@$(MAKE) packages build/plenary build/e2e/plenary build/plenaryd build/e2e/hello
	@go run -tags $(TAGS),e2e ./e2e/bench

.PHONY: openapi
openapi: ## Write api/openapi.yaml anew from the Go types in api/
	@mkdir -p build
	@go run ./cmd/plenaryd openapi > build/openapi.yaml && mv build/openapi.yaml api/openapi.yaml

.PHONY: format
format: ## Format all Go files
	@$(GO_FILES) | xargs $(TOOL) gofumpt -w

.PHONY: clean
clean: ## Remove everything that was built
	@rm -rf build

# The parts of check and test.

.PHONY: format-check
format-check:
	@out=$$($(GO_FILES) | xargs $(TOOL) gofumpt -l) && { [ -z "$$out" ] || \
		{ echo "Not formatted (make format does it):"; echo "$$out"; exit 1; }; }

.PHONY: lint
lint:
	@echo "vet"
	@$(UNIT_ENV) go vet -tags $(TAGS) .
	@$(UNIT_ENV) go vet -tags $(TAGS),e2e ./...
	@echo "staticcheck"
	@$(UNIT_ENV) $(TOOL) staticcheck -tags $(TAGS),e2e ./...

# What cannot run here is compiled at least, its tests too: for Windows with what
# wine-unit needs, so that all is compiled once. main needs cgo: for
# Windows there is mingw, for macOS nothing. Fyne's tag ci leaves out what it has
# in Objective-C, and what never runs need not be inlined.
.PHONY: vet-platforms
vet-platforms:
	@sh packaging/system-packages.sh windows
	@echo "vet for Windows and macOS"
	@CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go vet -overlay "$$(sh packaging/wine-overlay.sh build/wine/overlay)" -tags $(WINDOWS_TAGS) $(UNIT)
	@$(WINDOWS) go vet -tags $(WINDOWS_TAGS) .
	@CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go vet -gcflags=all=-l -tags $(WINDOWS_TAGS),ci $(UNIT)

.PHONY: lint-packaging
lint-packaging:
	@echo "shellcheck, actionlint, xmllint"
	@git ls-files --cached --others --exclude-standard -- '*.sh' .ci/run | xargs shellcheck
	@$(TOOL) actionlint
	@git ls-files --cached --others --exclude-standard -- '*.wxs' '*.admx' '*.adml' '*.manifest' '*.plist' | xargs xmllint --noout
	@large=$$(git ls-files -z | xargs -0 sh -c 'find "$$@" -size +512k' find) && { [ -z "$$large" ] || \
		{ echo "Too large to be kept (something that was built?):"; echo "$$large"; exit 1; }; }

# The unit tests as check runs them: without the race detector, under which they take
# four times as long. It is for each change; unit is what tells of races. Their programs
# wait half of the time, so that twice as many as there are cores run at once.
AT_ONCE = $$((2 * $$(getconf _NPROCESSORS_ONLN)))
.PHONY: tests
tests:
	@mkdir -p build
	@$(UNIT_ENV) $(GOTESTSUM) -p $(AT_ONCE) -parallel $(AT_ONCE) -timeout 20m -vet=off -ldflags=-w -tags $(TAGS) $(UNIT)

# The same under the race detector (UNIT=./service/mail for one package), the pictures
# of screens apart, so that both cores are used to the end.
.PHONY: unit
unit:
	@mkdir -p build
	@$(UNIT_ENV) $(GOTESTSUM) $(RACE) -timeout 20m -vet=off -tags $(TAGS) -skip '_pictures' $(UNIT)

.PHONY: pictures
pictures:
	@$(UNIT_ENV) nice $(GOTESTSUM) $(RACE) -vet=off -tags $(TAGS) -run '_pictures' ./screens/...

# A test with a desktop of its own waits most of the time.
.PHONY: e2e
e2e: build/e2e/plenary build/plenaryd build/e2e/hello build/e2e/probe packages-linux
	@$(GOTESTSUM) -count=1 -parallel 3 -timeout 20m -vet=off -tags $(TAGS),e2e -skip '^TestWine' $(E2E) . ./e2e/...

# Unit tests as Windows programs, under Wine: all but those of what is no program,
# and of package service itself, whose nodes share a PostgreSQL.
WINE_UNIT = $$(go list ./... | grep -v -e '^plenary$$' -e '^plenary/service$$' -e '^plenary/\(e2e\|docs\|packaging\)' -e '/internal/gen$$')
.PHONY: wine-unit
wine-unit:
	@sh packaging/system-packages.sh wine
	@$(UNIT_ENV) $(GOTESTSUM_OF) sh packaging/wine-unit.sh build/wine/unit build/wine/overlay -timeout 30m -tags $(WINDOWS_TAGS) $(WINE_UNIT)

# The real programs for Windows, under Wine.
.PHONY: wine-walk
wine-walk:
	@sh packaging/system-packages.sh wine
	@$(MAKE) windows build/e2e/plenary.exe
	@$(IN_MEMORY) $(GOTESTSUM) -count=1 -p 2 -parallel 2 -timeout 20m -vet=off -tags $(TAGS),e2e -run '^TestWine' ./e2e ./e2e/installer

.PHONY: build/plenary build/plenaryd build/e2e/plenary build/e2e/hello build/e2e/probe build/e2e/plenary.exe
build/plenary:
	@go build $(RELEASE) -o $@ .
build/plenaryd:
	@go build $(RELEASE) -o $@ ./cmd/plenaryd
build/e2e/plenary:
	@go build $(E2E_RELEASE) -o $@ .
build/e2e/plenary.exe:
	@$(WINDOWS) go build -tags $(WINDOWS_TAGS),e2e -ldflags "-s -w -H=windowsgui -X main.version=$(VERSION)" -o $@ .
	@sh packaging/windows-resources.sh $@ Plenary
build/e2e/probe:
	@go build $(E2E_RELEASE) -o $@ ./e2e/probe
build/e2e/hello:
	@go build $(RELEASE) -o $@ ./e2e/hello
