// One frame by a WebAssembly or JavaScript codec of Cornerstone, as a peer of bench_decode:
//   node wasm_decode.mjs NODE_MODULES CODEC STREAM EXPECTED
// Prints the best time of a frame in ms, "different" when the samples are not those of EXPECTED (16 bits, raw).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import path from 'node:path';

const [modules, codec, streamFile, expectedFile] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, 'x.js'));
const stream = readFileSync(streamFile);
const expected = readFileSync(expectedFile);

async function wasm(file, name) {
  const module = await require(path.resolve(modules, '@cornerstonejs', file))();
  const decoder = new module[name]();
  return () => {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    return decoder.getDecodedBuffer();
  };
}

const makers = {
  'JPEG-LS': () => wasm('codec-charls/dist/charlswasm_decode.js', 'JpegLSDecoder'),
  'JPEG 2000': () => wasm('codec-openjpeg/dist/openjpegwasm_decode.js', 'J2KDecoder'),
  'HTJ2K': () => wasm('codec-openjph/dist/openjphjs.js', 'HTJ2KDecoder'),
  'JPEG lossless SV1': async () => {
    const { Decoder } = require('@cornerstonejs/jpeg-lossless-decoder-js');
    const bytes = new Uint8Array(stream).buffer;
    return () => new Uint8Array(new Decoder().decompress(bytes));
  },
};

if (!makers[codec]) process.exit(2);
const print = console.log;
console.log = () => {}; // the codecs talk
const decode = await makers[codec]();
if (Buffer.compare(Buffer.from(decode()), expected) !== 0) {
  print('different');
  process.exit(1);
}
let best = Infinity;
for (let round = 0; round < 15; ++round) {
  const start = performance.now();
  for (let i = 0; i < 5; ++i) decode();
  best = Math.min(best, (performance.now() - start) / 5);
}
print(best.toFixed(3));
