# Bundles the report's chart library: run as a script at build time,
#   cmake -DNPM=... -DWEB=<source>/web -DOUT=<directory> -P BundleCharts.cmake
# leaves OUT/charts.js and OUT/licenses.txt. What npm fetched stays in WEB/node_modules, so the
# network is needed once for each package-lock.json and never again.
file(MAKE_DIRECTORY "${OUT}")
file(SHA256 "${WEB}/package-lock.json" wanted)
set(stamp "${WEB}/node_modules/.orrery-lock")

# Several build directories share the packages: one fetches, the others wait.
file(LOCK "${WEB}/.lock" GUARD PROCESS TIMEOUT 600)
set(present "")
if(EXISTS "${stamp}")
  file(READ "${stamp}" present)
endif()
if(NOT present STREQUAL wanted)
  execute_process(
    COMMAND "${NPM}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
    WORKING_DIRECTORY "${WEB}" RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "npm could not fetch the packages of web/package-lock.json:\n${said}")
  endif()
  file(WRITE "${stamp}" "${wanted}")
endif()

execute_process(
  COMMAND "${WEB}/node_modules/.bin/esbuild" charts.js --bundle --minify --format=iife
          --global-name=echarts --target=es2020 --legal-comments=none --log-level=warning
          "--define:process.env.NODE_ENV=\"production\"" "--outfile=${OUT}/charts.js"
  WORKING_DIRECTORY "${WEB}" RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "esbuild could not bundle web/charts.js:\n${said}")
endif()

# The bundle stands inside a <script> element of the report.
file(READ "${OUT}/charts.js" bundle)
foreach(forbidden "</script" "<!--")
  string(FIND "${bundle}" "${forbidden}" at)
  if(NOT at EQUAL -1)
    message(FATAL_ERROR "the chart bundle contains '${forbidden}' and cannot stand in a page")
  endif()
endforeach()

file(WRITE "${OUT}/licenses.txt" "")
foreach(part echarts/NOTICE echarts/LICENSE zrender/LICENSE tslib/LICENSE.txt)
  file(READ "${WEB}/node_modules/${part}" text)
  file(APPEND "${OUT}/licenses.txt" "==== ${part} ====\n\n${text}\n")
endforeach()
