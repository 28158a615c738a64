// Validates a FHIR R4 bundle with the npm package "fhir" (others wrote it). 77: the package is not here.
let Fhir;
try {
  Fhir = require("fhir").Fhir;
} catch (e) {
  process.exit(77);
}
const fhir = new Fhir();
const bundle = JSON.parse(require("fs").readFileSync(process.argv[2], "utf8"));
const messages = [];
for (const entry of [{ resource: bundle }, ...bundle.entry]) {
  const result = fhir.validate(entry.resource, { errorOnUnexpected: true });
  for (const m of result.messages || [])
    messages.push({ severity: m.severity, text: `${entry.resource.resourceType}: ${m.location}: ${m.message}` });
}
const back = fhir.xmlToObj(fhir.objToXml(bundle)); // and over the other format
const report = back.entry.map((e) => e.resource).find((r) => r.resourceType === "DiagnosticReport");
process.stdout.write(JSON.stringify({ messages, status: report.status, conclusion: report.conclusion }));
