#!/usr/bin/env bash
# House rules that a machine can check: tr() only in UI targets, threads only in jobs (and those that own sockets), no
# second JPEG-LS in the process, no long files, nothing left unfinished.
set -u
cd "$1"
build=$2
failed=0
complain() { echo "FAIL: $1"; failed=1; }
sources() { find app modules viewer reporting worklist -name '*.cpp' -o -name '*.h'; }

below=$(sources | grep -Ev '(^app/(session/|cli/))' | grep -Ev '^(app|modules/uikit|viewer/ui|reporting/ui|worklist/ui)/' ; sources | grep -E '^app/(session|cli)/')
hits=$(grep -nE '(^|[^A-Za-z_:.])tr\(' $below || true)
[ -z "$hits" ] || complain "tr() below the UI layer:
$hits"

hits=$(grep -nE '\b(QThread::create|std::j?thread |QtConcurrent::|QThread \*|class .*: public QThread)' $(sources) \
    | grep -Ev '^(modules/jobs/|modules/imaging/|modules/dicom/net/(event_listener|association_keeper)|modules/embedded_platform/)' || true)
[ -z "$hits" ] || complain "a thread outside jobs:
$hits"

hits=$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b|not implemented' $(sources) || true)
[ -z "$hits" ] || complain "something is left unfinished:
$hits"

long=$(sources | xargs wc -l | awk '$2 != "total" && $1 > 700 {print $1, $2}')
[ -z "$long" ] || complain "files longer than 700 lines:
$long"

for binary in "$build"/bin/yuanzhen "$build"/bin/yuanzhen-cli "$build"/bin/yuanzhen-platform; do
    [ -x "$binary" ] || continue
    if ldd "$binary" | grep -qi libgdcm; then
        complain "$binary links GDCM, which belongs into the decoder alone (ADR 0005)"
    fi
done
decoder=$build/bin/yuanzhen-decoder
if [ -x "$decoder" ]; then
    hits=$(readelf -d "$decoder" | grep NEEDED | grep -E 'Qt6(Gui|Widgets|Network)|dcmnet|dcmtls|libssl|libcrypto|sqlite|vtk' || true)
    [ -z "$hits" ] || complain "the decoder links what it has no use for:
$hits"
fi
hits=$(grep -rnE 'DicomPixelSource|DicomReportEncoder|parseHeader\(|openImage\(' app viewer reporting worklist --include=*.cpp --include=*.h || true)
[ -z "$hits" ] || complain "something received is parsed outside the decoder (ADR 0005):
$hits"

for binary in "$build"/bin/yuanzhen "$build"/bin/yuanzhen-cli "$build"/bin/yuanzhen-platform; do
    [ -x "$binary" ] || continue
    if ldd "$binary" | grep -q libdcmtkcharls; then
        complain "$binary links DCMTK's copy of CharLS, which corrupts memory beside the real one"
    fi
done
exit $failed
