# Two precompiled headers, made once and used by every target: yz_pch (the product) and yz_test_pch (the tests, which
# are compiled with less optimization: they are built far oftener than they run).
#
# ccache hashes a file "<header>.gch.sum" in place of the precompiled header, which differs from build to build; the sum
# below stands for what goes into it.

option(YZ_PRECOMPILE "precompiled headers" ON)

function(yz_make_precompiled target header)
  add_library(${target} OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch/anchor.cpp)
  set_target_properties(${target} PROPERTIES AUTOMOC OFF)
  target_link_libraries(${target} PRIVATE yz_options ${ARGN})
  target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch/${header})
  file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/pch/product.h product)
  file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/pch/${header} own)
  set(sum "${product} ${own} ${Qt6_VERSION} ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_CXX_FLAGS}")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/CMakeFiles/${target}.dir/cmake_pch.hxx.gch.sum CONTENT "${sum}\n")
endfunction()

if(YZ_PRECOMPILE)
  yz_make_precompiled(yz_pch product.h Qt6::Core)
  if(BUILD_TESTING)
    # Qt gives every test its own folder as a macro, for QFINDTESTDATA, which no test here uses: with it no object is
    # shared between two checkouts.
    set_property(TARGET Qt6::Test PROPERTY INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
    yz_make_precompiled(yz_test_pch tests.h Qt6::Core)
    target_compile_options(yz_test_pch PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endif()

# yz_precompile(target): for a part of the product, or a benchmark
function(yz_precompile target)
  if(YZ_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM yz_pch)
  endif()
endfunction()

# yz_precompile_test(target): for a test
function(yz_precompile_test target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  if(YZ_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM yz_test_pch)
  endif()
endfunction()
