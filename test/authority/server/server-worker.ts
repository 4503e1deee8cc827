import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { installClock } from '../../cloud/clock.ts';
import type { AuthoritySettings, Lifetimes, Question, Reply, RequestRecord, Verbs } from '../messages.ts';
import type { Behaviour, Endpoint } from '../misbehaviour.ts';

const settings = workerData as AuthoritySettings;
installClock(settings.clock);
// only now, so that nothing of the server has seen the real Date
const { createSecretSetter } = await import('./clients.ts');
const { createProvider, mint } = await import('./provider.ts');
const { createStore } = await import('./store.ts');
const { createFront } = await import('./front.ts');
const { createRegistrar } = await import('./register.ts');

const store = createStore();
const records: RequestRecord[] = [];
const behaviours = new Map<Endpoint, Behaviour>();

const server = createServer({ key: settings.key, cert: settings.cert, minVersion: 'TLSv1.2' });
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
const initialAccessToken = randomBytes(32).toString('base64url');
const provider = await createProvider(issuer, { settings, store, initialAccessToken });
provider.on('server_error', (_ctx, error) => void process.stderr.write(`server_error ${error.message}\n`));
server.on('request', createFront(provider, { behaviours, record: (record) => void records.push(record) }));

const verbs: Verbs = {
  mint: (client, customer, lifetimes: Lifetimes) => mint(provider, { client, customer, lifetimes }),
  register: createRegistrar(provider, { issuer, ca: settings.ca, initialAccessToken }),
  setSecret: createSecretSetter(provider, settings.clients),
  liveArtefacts: async () => store.countLive(),
  behave: async (endpoint, behaviour) => void behaviours.set(endpoint, behaviour),
  requests: async () => records,
};

const reply = (message: Reply): void => parentPort?.postMessage(message);

parentPort?.on('message', ({ number, verb, args }: Question) => {
  const run = verbs[verb] as (...args: readonly unknown[]) => Promise<unknown>;
  run(...args).then(
    (value) => reply({ kind: 'done', number, value }),
    (error: unknown) => reply({ kind: 'failed', number, message: String(error) }),
  );
});
reply({ kind: 'listening', issuer });
