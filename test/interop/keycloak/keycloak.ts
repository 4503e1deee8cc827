import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthorityCertificates } from '../../authority/tls/certificates.ts';
import { cacheFolder } from '../machine/cache.ts';
import { startChild, waitUntil } from '../machine/child.ts';
import { freePort } from '../machine/free-port.ts';
import { startFront } from '../machine/front.ts';
import { callHttps, stringOf } from '../machine/https-call.ts';
import { newCredentials } from '../new-credentials.ts';
import type { Running, ServerKind } from '../server.ts';
import { installKeycloak } from './install.ts';
import { openKeycloak } from './open.ts';
import { realm, realmOf } from './realm.ts';

/** The first start after an installation augments the server, which takes most of it. */
const startMs = 360_000;
/** The server takes 600 MB with this. */
const heap = '-Xms64m -Xmx512m';
/** How many clients a run may register. */
const registrationsMax = 200;

export const keycloak: ServerKind = {
  name: 'keycloak',
  title: 'Keycloak',
  prepare: installKeycloak,
  start: startKeycloak,
  open: async (description) => openKeycloak(description),
};

/** On loopback and TLS, with its database in memory; everybody calls it through the front. */
async function startKeycloak(at: string): Promise<Running> {
  const folder = cacheFolder('keycloak', 'run');
  const certificates = await makeAuthorityCertificates();
  const [port, frontPort] = [await freePort(), await freePort()];
  const origin = `https://127.0.0.1:${frontPort}`;
  const [behind, log] = [`https://127.0.0.1:${port}`, join(folder, 'keycloak.log')];
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  writeFileSync(files.key, certificates.key, { mode: 0o600 });
  writeFileSync(files.cert, certificates.cert);
  const bootstrap = randomBytes(24).toString('base64url');
  const child = startChild(
    // by its interpreter: jar unpacks files without their mode
    'bash',
    [
      ...[
        join(at, 'bin', 'kc.sh'),
        'start',
        '--db=dev-mem',
        '--cache=local',
        '--http-enabled=false',
        '--http-host=127.0.0.1',
      ],
      ...[`--https-port=${port}`, `--hostname=${origin}`],
      ...[`--https-certificate-file=${files.cert}`, `--https-certificate-key-file=${files.key}`],
    ],
    {
      cwd: at,
      log,
      env: {
        JAVA_OPTS_KC_HEAP: heap,
        KC_BOOTSTRAP_ADMIN_CLIENT_ID: 'owner',
        KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: bootstrap,
      },
    },
  );
  const front = await startFront({
    port: frontPort,
    certificates,
    upstreamOf: () => behind,
    endpointOf: (path) => {
      const [, own = ''] = path.split(`/realms/${realm}`);
      if (own.startsWith('/clients-registrations/')) return 'registration';
      return endpoints[own];
    },
  });
  const stop = async (): Promise<void> => {
    await front.close();
    await child.stop();
  };
  try {
    const { ca } = certificates;
    const answers = () =>
      callHttps(`${behind}/realms/master`, { ca }).then(
        ({ status }) => status === 200,
        () => false,
      );
    await waitUntil(answers, { child, timeoutMs: startMs, log });
    const owned = await seed(behind, ca, bootstrap);
    return { description: { origin, ca, control: front.control, ...owned }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const endpoints: Readonly<Record<string, 'token' | 'revocation' | 'introspection'>> = {
  '/protocol/openid-connect/token': 'token',
  '/protocol/openid-connect/revoke': 'revocation',
  '/protocol/openid-connect/token/introspect': 'introspection',
};

async function seed(behind: string, ca: string, bootstrap: string) {
  const token = await callHttps(`${behind}/realms/master/protocol/openid-connect/token`, {
    ca,
    form: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${Buffer.from(`owner:${bootstrap}`).toString('base64')}` },
  });
  const bearer = stringOf(token, 'access_token', 'the master realm');
  const clients = await newCredentials();
  const made = await callHttps(`${behind}/admin/realms`, {
    ca,
    bearer,
    json: realmOf(clients, ['customer-1', 'customer-2']),
  });
  if (made.status !== 201)
    throw new Error(`the realm was not made (${made.status}): ${JSON.stringify(made.body)}`);
  const initial = await callHttps(`${behind}/admin/realms/${realm}/clients-initial-access`, {
    ca,
    bearer,
    json: { count: registrationsMax, expiration: 3_600 },
  });
  const info = await callHttps(`${behind}/admin/serverinfo`, { ca, bearer });
  const { systemInfo } = info.body as { readonly systemInfo?: { readonly version?: string } };
  return {
    clients,
    version: systemInfo?.version ?? 'unknown',
    own: { initialAccessToken: stringOf(initial, 'token', 'clients-initial-access') },
  };
}
