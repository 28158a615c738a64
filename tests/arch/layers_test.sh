#!/usr/bin/env bash
# Proves the refusals of cmake/YzModule.cmake in a small project of its own: a forbidden dependency, a foreign external
# library, a target that is not in the table, and an include that was not declared.
set -u
source_dir=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

project() { # name, then the body of its CMakeLists on stdin
    mkdir -p "$work/$1/modules/core" "$work/$1/modules/storage" "$work/$1/worklist/logic"
    cp -r "$source_dir/cmake" "$work/$1/"
    echo '#pragma once
inline int coreValue() { return 1; }' > "$work/$1/modules/core/core_value.h"
    echo '#include "core/core_value.h"
int core() { return coreValue(); }' > "$work/$1/modules/core/core.cpp"
    echo '#pragma once' > "$work/$1/modules/storage/store.h"
    echo 'int storage() { return 2; }' > "$work/$1/modules/storage/store.cpp"
    { cat <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(layers LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(Qt6 REQUIRED COMPONENTS Core)
find_package(SQLite3 REQUIRED)
add_library(yz_options INTERFACE)
include(cmake/YzModule.cmake)
yz_module(core DIR modules/core SOURCES core.cpp)
yz_module(storage DIR modules/storage SOURCES store.cpp DEPENDS core EXTERNAL sqlite3)
CMAKE
      cat; } > "$work/$1/CMakeLists.txt"
}
configure() { cmake -S "$work/$1" -B "$work/$1/build" -G Ninja -DYZ_PRECOMPILE=OFF > "$work/$1/configure.log" 2>&1; }
refused() { # name, pattern
    if configure "$1"; then
        echo "FAIL: $1 was configured although it breaks a rule"; failed=1
    elif ! tr '\n' ' ' < "$work/$1/configure.log" | tr -s ' ' | grep -q -- "$2"; then
        echo "FAIL: $1 was refused for another reason:"; cat "$work/$1/configure.log"; failed=1
    else
        echo "ok: $1"
    fi
}

project clean <<< ''
configure clean && cmake --build "$work/clean/build" > "$work/clean/build.log" 2>&1 \
    && echo "ok: clean" || { echo "FAIL: the clean project does not build"; cat "$work"/clean/*.log; failed=1; }

project upward <<< 'yz_module(domain DIR modules/core SOURCES core.cpp DEPENDS storage)'
refused upward "layer rule: 'domain' may not depend on 'storage'"

project hidden_upward <<< 'yz_module(jobs DIR modules/core SOURCES core.cpp USES storage)'
refused hidden_upward "layer rule: 'jobs' may not depend on 'storage'"

project foreign_library <<< 'yz_module(worklist DIR modules/core SOURCES core.cpp DEPENDS core EXTERNAL sqlite3)'
refused foreign_library "owner rule: 'sqlite3' belongs to 'storage'"

project stranger <<< 'yz_module(helpers DIR modules/core SOURCES core.cpp)'
refused stranger "is not in the table"

project undeclared <<< 'yz_module(worklist DIR worklist/logic SOURCES list.cpp DEPENDS core)'
echo '#include "storage/store.h"
int list() { return 3; }' > "$work/undeclared/worklist/logic/list.cpp"
if ! configure undeclared; then
    echo "FAIL: undeclared does not configure"; cat "$work/undeclared/configure.log"; failed=1
elif cmake --build "$work/undeclared/build" > "$work/undeclared/build.log" 2>&1; then
    echo "FAIL: an undeclared include compiled"; failed=1
elif ! grep -q "storage/store.h: No such file" "$work/undeclared/build.log"; then
    echo "FAIL: undeclared fails for another reason"; cat "$work/undeclared/build.log"; failed=1
else
    echo "ok: undeclared"
fi
exit $failed
