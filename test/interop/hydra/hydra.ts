import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthorityCertificates } from '../../authority/tls/certificates.ts';
import { cacheFolder } from '../machine/cache.ts';
import { startChild, waitUntil } from '../machine/child.ts';
import { freePort } from '../machine/free-port.ts';
import { startFront } from '../machine/front.ts';
import { callHttps } from '../machine/https-call.ts';
import { newCredentials } from '../new-credentials.ts';
import type { Running, ServerKind } from '../server.ts';
import { buildHydra } from './build.ts';
import { configurationOf } from './configuration.ts';
import { openHydra } from './open.ts';
import { clientsOf } from './clients.ts';

const startMs = 60_000;

export const hydra: ServerKind = {
  name: 'hydra',
  title: 'Ory Hydra',
  prepare: buildHydra,
  start: startHydra,
  open: async (description) => openHydra(description),
};

/** On loopback and TLS, with its database in memory; everybody calls it through the front, its admin port too. */
async function startHydra(at: string): Promise<Running> {
  const folder = cacheFolder('hydra', 'run');
  const certificates = await makeAuthorityCertificates();
  const { ca } = certificates;
  const [publicPort, adminPort, frontPort] = [await freePort(), await freePort(), await freePort()];
  const origin = `https://127.0.0.1:${frontPort}`;
  const [log, file] = [join(folder, 'hydra.log'), join(folder, 'hydra.json')];
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  writeFileSync(files.key, certificates.key, { mode: 0o600 });
  writeFileSync(files.cert, certificates.cert);
  const secret = randomBytes(32).toString('hex');
  const configuration = configurationOf({ origin, publicPort, adminPort, files, secret });
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
  const child = startChild(at, ['serve', 'all', '--config', file], { cwd: folder, log });
  const behind = { public: `https://127.0.0.1:${publicPort}`, admin: `https://127.0.0.1:${adminPort}` };
  const front = await startFront({
    port: frontPort,
    certificates,
    upstreamOf: (path) => (path.startsWith('/admin/') ? behind.admin : behind.public),
    endpointOf: (path) => (path.startsWith('/oauth2/register/') ? 'registration' : endpoints[path]),
  });
  const stop = async (): Promise<void> => {
    await front.close();
    await child.stop();
  };
  try {
    const ready = () =>
      callHttps(`${behind.admin}/health/ready`, { ca }).then(
        ({ status }) => status === 200,
        () => false,
      );
    await waitUntil(ready, { child, timeoutMs: startMs, log });
    const clients = await newCredentials();
    for (const json of clientsOf(clients)) {
      const made = await callHttps(`${behind.admin}/admin/clients`, { ca, json });
      if (made.status !== 201)
        throw new Error(`a client was not made (${made.status}): ${JSON.stringify(made.body)}`);
    }
    const { body } = await callHttps(`${behind.admin}/version`, { ca });
    const version = String(body['version']).replace(/^v/, '');
    return { description: { version, origin, ca, control: front.control, clients, own: {} }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const endpoints: Readonly<Record<string, 'token' | 'revocation' | 'introspection'>> = {
  '/oauth2/token': 'token',
  '/oauth2/revoke': 'revocation',
  '/admin/oauth2/introspect': 'introspection',
};
