// The stock tus-js-client in Node, driven by the tests: one job as JSON in the first argument, lines of what happens on
// the standard output.
import { createReadStream, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { Upload } from 'tus-js-client';

const job = JSON.parse(process.argv[2]);
const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));
const source = job.deferred ? createReadStream(job.path).pipe(new PassThrough()) : readFileSync(job.path);

let last = 0;
const upload = new Upload(source, {
  endpoint: job.endpoint,
  headers: { Authorization: `Bearer ${job.token}` },
  metadata: job.metadata ?? {},
  chunkSize: job.chunkSize ?? Infinity,
  parallelUploads: job.parallelUploads ?? 1,
  retryDelays: job.retryDelays ?? [50, 200, 500, 1000, ...Array(40).fill(2000)],
  uploadLengthDeferred: job.deferred ?? false,
  uploadDataDuringCreation: job.duringCreation ?? false,
  uploadUrl: job.uploadUrl ?? null,
  overridePatchMethod: job.overridePatchMethod ?? false,
  onBeforeRequest: () => new Promise((go) => setTimeout(go, job.pace ?? 0)),
  onUploadUrlAvailable: () => say('url', { url: upload.url }),
  onProgress: (sent, total) => {
    if (sent - last >= (job.tellEvery ?? 1 << 20) || sent < last) {
      last = sent;
      say('progress', { sent, total });
    }
  },
  onAfterResponse: (request, response) => {
    const id = response.getHeader('Hypersend-File-Id');
    if (id) say('file', { id });
  },
  onShouldRetry: (error) => {
    say('retry', { status: error.originalResponse?.getStatus() ?? 0 });
    return true;
  },
  onSuccess: () => say('success', { url: upload.url }),
  onError: (error) => {
    say('error', { message: String(error) });
    process.exitCode = 1;
  },
});
upload.start();
