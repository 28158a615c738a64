# Sourced by ./run and ./test: installs what packages.txt lists and is missing, then builds the release preset.
# Safe to repeat: with nothing to do it only asks dpkg and ninja.

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# install_packages [test]: what packages.txt lists; with "test" also what only tests need
install_packages() {
    local missing=() optional=() word package
    while read -r word package; do
        case "$word" in
        ''|'#'*) continue ;;
        test) [ "${1:-}" = test ] || continue ;;
        *) package=$word ;;
        esac
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] && continue
        if [ "$word" = test ]; then optional+=("$package"); else missing+=("$package"); fi
    done < "$ROOT/packages.txt"
    [ ${#missing[@]} -eq 0 ] || install_now "${missing[@]}" || die "apt-get install failed"
    [ ${#optional[@]} -eq 0 ] || install_now "${optional[@]}" \
        || say "Not to be had: ${optional[*]}; the tests that need it are skipped"
}

install_now() {
    say "Installing $# packages: $*"
    local sudo=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "not root and no sudo: install the packages of packages.txt yourself"
        sudo=sudo
    fi
    $sudo apt-get update -qq || { say "apt-get update failed: is the network there?"; return 1; }
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        > "$ROOT/build-packages.log" 2>&1 || { tail -20 "$ROOT/build-packages.log"; return 1; }
    rm -f "$ROOT/build-packages.log"
}

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
