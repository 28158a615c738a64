#!/usr/bin/env bash
# gui_main_job.sh PLAYER [DATA]: plays the main job under Xvfb and looks at what it left: pictures, a PDF whose Chinese text
# can be read and whose fonts are embedded, and DICOM objects that DCMTK's own tools read.
set -euo pipefail
player=$1
data=${2:-}
if [ -n "$data" ] && [ ! -d "$data" ]; then
    echo "SKIPPED: no third-party studies at $data"
    exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
xvfb-run -a -s "-screen 0 1920x1080x24" "$player" --out "$out" ${data:+--data "$data"}
for picture in 01-login 02-worklist 03-first-image 04-reading 05-mpr 06-report 07-signing 08-review-list 09-review \
    10-undo-window 11-receipt; do
    [ "$(stat -c %s "$out/$picture.png")" -gt 10000 ] || { echo "FAIL: $picture.png is empty"; exit 1; }
done
pdftotext "$out/report.pdf" "$out/report.txt"
for word in 影像所见 影像诊断 报告医师 审核医师 张伟 陈军 演示; do
    grep -q "$word" "$out/report.txt" || { echo "FAIL: the PDF does not say $word"; exit 1; }
done
pdffonts "$out/report.pdf" | tail -n +3 | awk '{ if ($(NF-4) != "yes") { print "FAIL: font not embedded: " $0; exit 1 } }'
qpdf --check "$out/report.pdf" > "$out/qpdf.txt" || { cat "$out/qpdf.txt"; exit 1; }
dcmdump "$out/report-sr.dcm" > /dev/null
dcmdump "$out/report-pdf.dcm" > /dev/null
dsrdump "$out/report-sr.dcm" > "$out/sr.txt"
grep -q "VERIFIED" "$out/sr.txt"
grep -q '"ok": true' "$out/verification.json"
echo "ok"
