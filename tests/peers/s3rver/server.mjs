// An S3 server for the tests: node --openssl-legacy-provider server.mjs PORT FOLDER BUCKET
// (the provider because s3rver enciphers its continuation tokens with what newer versions of OpenSSL call legacy)
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import S3rver from 's3rver';
import S3Object from 's3rver/lib/models/object.js';
import FilesystemStore from 's3rver/lib/stores/filesystem.js';

const [port, directory, bucket] = process.argv.slice(2);
const incoming = `${directory}.incoming`;

// S3 promises that an object is there whole or not at all, and for everybody once the PUT is answered. s3rver writes it in
// place, answers before the last byte is in the file, and keeps the half of a body whose line was cut. So it is written
// aside here and renamed.
FilesystemStore.prototype.putObject = async function putObject(object) {
  const aside = join(incoming, randomUUID());
  const hash = createHash('md5');
  let size = 0;
  const count = (piece) => {
    hash.update(piece);
    size += piece.length;
  };
  const body = Buffer.isBuffer(object.content) ? new PassThrough().end(object.content) : object.content;
  try {
    await pipeline(
      body,
      async function* counted(pieces) {
        for await (const piece of pieces) {
          count(piece);
          yield piece;
        }
      },
      createWriteStream(aside),
    );
    const path = this.getResourcePath(object.bucket, object.key, 'object');
    const md5 = hash.digest('hex');
    await mkdir(dirname(path), { recursive: true });
    await this.putMetadata(object.bucket, object.key, object.metadata, md5);
    await rename(aside, path);
    return { size, md5 };
  } finally {
    await rm(aside, { force: true });
  }
};

// The same for what it keeps beside an object: whoever asks for the object meanwhile reads an empty file and is answered 500.
FilesystemStore.prototype.putMetadata = async function putMetadata(bucketName, key, metadata, md5) {
  const kept = Object.entries(metadata).filter(([name]) => S3Object.ALLOWED_METADATA.includes(name) || name.startsWith('x-amz-meta-'));
  const put = async (resource, text) => {
    const aside = join(incoming, randomUUID());
    await writeFile(aside, text);
    await rename(aside, this.getResourcePath(bucketName, key, resource));
  };
  if (md5) await put('object.md5', md5);
  await put('metadata.json', JSON.stringify(Object.fromEntries(kept)));
};

// Its own also removes empty folders, now and then under somebody who is about to write there.
FilesystemStore.prototype.deleteObject = async function deleteObject(bucketName, key) {
  for (const resource of ['object', 'object.md5', 'metadata.json']) {
    await rm(this.getResourcePath(bucketName, key, resource), { force: true });
  }
};

// Tests cut its lines in the middle, and it does not catch all that follows from that.
process.on('uncaughtException', (error) => console.error('survived:', error.message));
process.on('SIGINT', () => process.exit(0));

await mkdir(incoming, { recursive: true });
await new S3rver({ address: '127.0.0.1', port: Number(port), directory, silent: true, configureBuckets: [{ name: bucket }] }).run();
console.log(`listening on 127.0.0.1:${port}`);
