# Opens a report in Chromium: `source` it after lib.sh.
# shellcheck shell=bash

browser() { # browser WIDTHxHEIGHT SCHEME ARGUMENTS...: scheme 0 is dark, 1 light
  local profile outcome=0
  profile="$(mktemp -d)"
  timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --allow-file-access-from-files --host-resolver-rules='MAP * ~NOTFOUND' \
    --user-data-dir="$profile" --window-size="$1" --blink-settings=preferredColorScheme="$2" \
    --enable-logging=stderr "${@:3}" || outcome=$?
  rm -rf "$profile"
  return "$outcome"
}

# The figures of NAME on FOLDER/results/report.html: what it says on the console, charts drawn, its
# width on a phone. Leaves the page's elements as FOLDER/dom.html, and screenshots in FOLDER.
look_at_report() { # look_at_report NAME FOLDER PIXELS_HIGH
  local name="$1" folder="$2" high="$3" scheme errors canvases wanted
  local report="$folder/results/report.html"
  # A browser's window is no narrower than 500 pixels, so the phone is a frame within one; it tells
  # how wide the page inside wants to be.
  cat > "$folder/phone.html" << HTML
<!doctype html><meta name="color-scheme" content="light dark"><body style="margin:0">
<iframe src="results/report.html" style="width:390px;height:${high}px;border:0"></iframe>
<script>
document.querySelector("iframe").onload = (event) => {
  const page = event.target.contentDocument.documentElement;
  document.body.dataset.wanted = \`\${page.scrollWidth} of \${page.clientWidth}\`;
};
</script>
HTML

  browser 1400,900 1 --dump-dom "file://$report" > "$folder/dom.html" 2> "$folder/browser.log" ||
    die "chromium could not open the report"
  browser 500,900 1 --dump-dom "file://$folder/phone.html" > "$folder/phone-dom.html" \
    2>> "$folder/browser.log" || die "chromium could not open the report at phone width"
  for scheme in dark:0 light:1; do
    browser "1400,$high" "${scheme#*:}" --screenshot="$folder/desktop-${scheme%:*}.png" \
      "file://$report" > /dev/null 2>> "$folder/browser.log"
    browser "500,$high" "${scheme#*:}" --screenshot="$folder/phone-${scheme%:*}.png" \
      "file://$folder/phone.html" > /dev/null 2>> "$folder/browser.log"
  done

  errors="$(grep -c 'CONSOLE' "$folder/browser.log" || true)"
  if [ "$errors" -ne 0 ]; then grep 'CONSOLE' "$folder/browser.log" >&2; fi
  figure "$name" "$errors console messages in six openings" 0 "$(holds "$errors == 0")"
  canvases="$(grep -o '<canvas' "$folder/dom.html" | wc -l)"
  figure "$name" "$canvases charts drawn" ">= 4" "$(holds "$canvases >= 4")"
  wanted="$(sed -n 's/.*data-wanted="\([0-9]* of [0-9]*\)".*/\1/p' "$folder/phone-dom.html")"
  figure "$name" "at phone width the page is ${wanted:-0 of 0} pixels wide" "no wider" \
    "$(holds "${wanted% of*} + 0 <= ${wanted#*of } + 0 && ${wanted% of*} + 0 > 0")"
}
