"""Reads an HL7 v2 message with python-hl7 (others wrote it) and prints what the test asks for as JSON."""
import json
import sys

try:
    import hl7
except ImportError:
    sys.exit(77)

raw = open(sys.argv[1], "rb").read()
text = raw.decode(sys.argv[2])
message = hl7.parse(text)

out = {
    "segments": [str(s[0]) for s in message],
    "control": str(message.segment("MSH")[10]),
    "charset": str(message.segment("MSH")[18]),
    "type": str(message.segment("MSH")[9]),
    "patient": message["PID.F3.R1.C1"],
    "family": message["PID.F5.R1.C1"],
    "given": message["PID.F5.R1.C2"],
    "nameCode": message["PID.F5.R1.C8"],
    "alphabetic": message["PID.F5.R2.C1"],
    "birth": message["PID.F7"],
    "accession": message.unescape(str(message.segment("OBR")[2])),
    "item": message["OBR.F4.R1.C5"],
    "status": str(message.segment("OBR")[25]),
    "signed": str(message.segment("OBR")[22]),
    "reviewer": message["OBR.F32.R1.C1.S2"],
    "obx": [
        {
            "type": str(o[2]),
            "code": str(o[3]).split("^")[0],
            "value": message.unescape(str(o[5])),
            "raw": str(o[5]),
            "status": str(o[11]),
        }
        for o in message.segments("OBX")
    ],
    "notes": [message.unescape(str(n[3])) for n in message if str(n[0]) == "NTE"],
}
json.dump(out, sys.stdout)
