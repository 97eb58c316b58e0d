import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'tls');

/**
 * A self-signed certificate for localhost, 127.0.0.1 and ::1, valid from 2020 to 2120, with its key; PEM texts.
 * Made once with `openssl ca -selfsign`. The key is public and guards nothing.
 */
export const loopbackCertificate = {
  key: readFileSync(path.join(folder, 'key.pem'), 'utf8'),
  cert: readFileSync(path.join(folder, 'cert.pem'), 'utf8'),
};
