# Sourced by ./run and ./test: installs what packages.txt lists and is missing, then builds the release preset.
# Safe to repeat: with nothing to do it only asks dpkg and ninja.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

install_packages() {
    local missing=() package
    while read -r package; do
        case "$package" in ''|'#'*|'?'*) continue ;; esac
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done < "$ROOT/packages.txt"
    if [ ${#missing[@]} -eq 0 ]; then
        return
    fi
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    local sudo=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "not root and no sudo: install the packages of packages.txt yourself"
        sudo=sudo
    fi
    $sudo apt-get update -qq || die "apt-get update failed: is the network there?"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        > "$ROOT/build-packages.log" 2>&1 || { tail -20 "$ROOT/build-packages.log"; die "apt-get install failed"; }
    rm -f "$ROOT/build-packages.log"
}

# What only some tests need: no error when it cannot be had.
install_test_packages() {
    local package missing=()
    while read -r package; do
        case "$package" in '?'*) package=${package#?} ;; *) continue ;; esac
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done < "$ROOT/packages.txt"
    [ ${#missing[@]} -eq 0 ] && return
    local sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    say "Installing for the tests: ${missing[*]}"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        > "$ROOT/build-packages.log" 2>&1 || say "They cannot be had here; the tests that need them are skipped"
    rm -f "$ROOT/build-packages.log"
}

# Two checkouts share one cache: paths are hashed relative to the checkout.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1

# build TARGET...: configures once, builds the targets
build() {
    if [ ! -f "$ROOT/build/build.ninja" ]; then
        say "Configuring (preset release, build/)"
        mkdir -p "$ROOT/build"
        (cd "$ROOT" && cmake --preset release > build/configure.log 2>&1) || { tail -30 "$ROOT/build/configure.log"; die "cmake failed"; }
    fi
    say "Building $*"
    local jobs
    jobs=$(nproc)
    cmake --build "$ROOT/build" --parallel "$jobs" --target "$@" > "$ROOT/build/build.log" 2>&1 \
        || { tail -60 "$ROOT/build/build.log"; die "the build failed; all of it is in build/build.log"; }
}
