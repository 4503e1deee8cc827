import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import { json } from 'node:stream/consumers';
import type { Behaviour, Endpoint } from '../../authority/misbehaviour.ts';
import { loseAnswer, misbehave } from '../../authority/misbehaviour.ts';
import { claimUpdate } from '../../authority/server/claim-update.ts';
import type { AuthorityCertificates } from '../../authority/tls/certificates.ts';

export interface FrontOptions {
  readonly port: number;
  readonly certificates: AuthorityCertificates;
  /** Origin of the server behind, by the path that is called. */
  upstreamOf(path: string): string;
  endpointOf(path: string): Endpoint | undefined;
}

export interface Front {
  /** PUT `{"endpoint": ..., "behaviour": ...}` to it. */
  readonly control: string;
  close(): Promise<void>;
}

const controlPath = '/-/behave';

/** Stands before a real server, as a proxy does at a bank, and does not let a call through where it was told to misbehave. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const behaviours = new Map<Endpoint, Behaviour>();
  const { key, cert } = options.certificates;
  const server = createServer({ key, cert, minVersion: 'TLSv1.2' }, (incoming, response) => {
    const path = incoming.url?.split('?')[0] ?? '/';
    if (path === controlPath) return void tell(incoming, response);
    const endpoint = options.endpointOf(path);
    const told = (endpoint && behaviours.get(endpoint)) ?? 'normal';
    const behaviour = isSpared(incoming, endpoint, told) ? 'normal' : told;
    if (behaviour === 'lose-answer') loseAnswer(response);
    if (behaviour === 'normal' || behaviour === 'lose-answer') return forward(incoming, response, path);
    if (behaviour === 'lie-200' && endpoint === 'registration')
      return void claimUpdate(incoming, response, `https://${incoming.headers.host}${path}`);
    misbehave(behaviour, incoming, response);
  });

  async function tell(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const told = (await json(incoming)) as { readonly endpoint: Endpoint; readonly behaviour: Behaviour };
    behaviours.set(told.endpoint, told.behaviour);
    response.writeHead(204).end();
  }

  function forward(incoming: IncomingMessage, response: ServerResponse, path: string): void {
    const onward = request(`${options.upstreamOf(path)}${incoming.url ?? ''}`, {
      method: incoming.method ?? 'GET',
      headers: incoming.headers,
      ca: options.certificates.ca,
      agent: false,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    control: `https://127.0.0.1:${options.port}${controlPath}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An update begins with a read: where what is written goes wrong, reading goes on, or nobody would get that far. */
function isSpared(incoming: IncomingMessage, endpoint: Endpoint | undefined, behaviour: Behaviour): boolean {
  const ofWriting = behaviour === 'lose-answer' || behaviour === 'lie-200';
  return endpoint === 'registration' && ofWriting && incoming.method !== 'PUT';
}
