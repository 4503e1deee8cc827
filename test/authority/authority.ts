import type { Worker } from 'node:worker_threads';
import type { Clock } from '../cloud/clock.ts';
import { startWorker } from '../cloud/worker-thread.ts';
import type { AuthorityCertificates } from './tls/certificates.ts';
import type {
  AssertionAudience,
  AuthoritySettings,
  ExchangeSettings,
  Lifetimes,
  LocalClient,
  Minted,
  Question,
  Reply,
  Verbs,
} from './messages.ts';

export { makeAuthorityCertificates } from './tls/certificates.ts';
export { type LocalClient, tokenExchange } from './messages.ts';
export type { Behaviour, Endpoint } from './misbehaviour.ts';

export interface AuthorityOptions {
  readonly clock: Clock;
  readonly clients: readonly LocalClient[];
  readonly certificates: AuthorityCertificates;
  /** FAPI 2.0 discourages it. @default false */
  readonly rotateRefreshTokens?: boolean;
  /**
   * A new registration access token at each update, as oidc-provider does by default. A client that does not hear the
   * answer is then locked out of its own registration.
   * @default false
   */
  readonly rotateRegistrationTokens?: boolean;
  /** @default the issuer, the token endpoint or the endpoint that is called, also in a list, as oidc-provider has it */
  readonly assertionAudience?: AssertionAudience;
  /** Clients whose `grantTypes` have `tokenExchange.grantType` may exchange. @default no exchange */
  readonly exchange?: ExchangeSettings;
}

/** A real authorization server of the local world, with what only its owner can do to it. */
export interface LocalAuthority extends Omit<Verbs, 'mint'> {
  readonly issuer: string;
  readonly endpoints: {
    readonly token: string;
    readonly revocation: string;
    readonly introspection: string;
    /** RFC 7591; only `register` has the initial access token that it asks for. */
    readonly registration: string;
  };
  /** Seeds a customer's consent with its tokens; refreshing, looking and revoking go by HTTP only. */
  mint(client: string, customer: string, lifetimes?: Lifetimes): Promise<Minted>;
  /** What the server printed: its notices, and one line for each of its own failures. */
  notices(): readonly string[];
  close(): Promise<void>;
}

/** More than this is a server that fails at each call; the first lines say why. */
const noticesMax = 200;

/**
 * Starts `oidc-provider` in a worker thread, over TLS on a free port of 127.0.0.1, living by the world's clock.
 * Rejects when the server does not start; a question to a server that has died rejects too.
 */
export async function startAuthority(options: AuthorityOptions): Promise<LocalAuthority> {
  const settings: AuthoritySettings = {
    clock: options.clock.shared,
    clients: options.clients,
    key: options.certificates.key,
    cert: options.certificates.cert,
    ca: options.certificates.ca,
    rotateRefreshTokens: options.rotateRefreshTokens ?? false,
    rotateRegistrationTokens: options.rotateRegistrationTokens ?? false,
    assertionAudience: options.assertionAudience,
    exchange: options.exchange,
  };
  const worker = startWorker(new URL('./server/server-worker.ts', import.meta.url), {
    workerData: settings,
    stdout: true,
    stderr: true,
  });
  const notices = captureNotices(worker);
  const { issuer, ask } = await converse(worker);
  return {
    issuer,
    endpoints: {
      token: `${issuer}/token`,
      revocation: `${issuer}/token/revocation`,
      introspection: `${issuer}/token/introspection`,
      registration: `${issuer}/reg`,
    },
    mint: (client, customer, lifetimes = {}) => ask('mint', client, customer, lifetimes),
    register: (client) => ask('register', client),
    setSecret: (client, secret) => ask('setSecret', client, secret),
    liveArtefacts: () => ask('liveArtefacts'),
    behave: (endpoint, behaviour) => ask('behave', endpoint, behaviour),
    requests: () => ask('requests'),
    notices: () => notices,
    async close() {
      await worker.terminate();
    },
  };
}

function captureNotices(worker: Worker): readonly string[] {
  const notices: string[] = [];
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (notices.length < noticesMax) notices.push(text.trimEnd());
    });
  }
  return notices;
}

type Ask = <Verb extends keyof Verbs>(
  verb: Verb,
  ...args: Parameters<Verbs[Verb]>
) => ReturnType<Verbs[Verb]>;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

function converse(worker: Worker): Promise<{ readonly issuer: string; readonly ask: Ask }> {
  const waiting = new Map<number, Waiting>();
  let death: Error | undefined;
  let asked = 0;

  const ask = ((verb: keyof Verbs, ...args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (death) return reject(death);
      const question: Question = { number: ++asked, verb, args };
      waiting.set(question.number, { resolve, reject });
      worker.postMessage(question);
    })) as Ask;

  return new Promise((resolve, reject) => {
    const die = (error: Error): void => {
      death ??= error;
      reject(death);
      for (const one of waiting.values()) one.reject(death);
      waiting.clear();
    };
    worker.on('error', die);
    worker.on('exit', () => die(new Error('the authorization server has been closed')));
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'listening') return resolve({ issuer: reply.issuer, ask });
      const one = waiting.get(reply.number);
      waiting.delete(reply.number);
      if (reply.kind === 'done') one?.resolve(reply.value);
      else one?.reject(new Error(reply.message));
    });
  });
}
