import type { IncomingMessage, RequestListener } from 'node:http';
import type Provider from 'oidc-provider';
import { claimUpdate } from './claim-update.ts';
import type { RequestRecord } from '../messages.ts';
import { type Behaviour, type Endpoint, loseAnswer, misbehave } from '../misbehaviour.ts';

interface FrontDeps {
  /** Absent: normal. Read at each call. */
  readonly behaviours: ReadonlyMap<Endpoint, Behaviour>;
  /** Called before the answer leaves, so that who has the answer finds its record. */
  readonly record: (record: RequestRecord) => void;
}

/** oidc-provider's default routes. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  '/token': 'token',
  '/token/revocation': 'revocation',
  '/token/introspection': 'introspection',
  '/reg': 'registration',
};

function endpointOf(path: string): Endpoint | undefined {
  return path.startsWith('/reg/') ? 'registration' : endpoints[path];
}

/** An update begins with a read: where what is written goes wrong, reading goes on, or nobody would get that far. */
function isSpared(request: IncomingMessage, endpoint: Endpoint | undefined, behaviour: Behaviour): boolean {
  const ofWriting = behaviour === 'lose-answer' || behaviour === 'lie-200';
  return endpoint === 'registration' && ofWriting && request.method !== 'PUT';
}

/** Stands before the real server: notes each call, and does not let it through where it was told to misbehave. */
export function createFront(provider: Provider, { behaviours, record }: FrontDeps): RequestListener {
  const arrivals = new WeakMap<IncomingMessage, number>();
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as { oidc?: { client?: { clientId: string } } };
    record({
      at: arrivals.get(ctx.req) ?? Date.now(),
      path: ctx.path,
      ...(oidc?.client ? { client: oidc.client.clientId } : {}),
      status: ctx.status,
    });
  });
  const real = provider.callback();

  return (request, response) => {
    const at = Date.now();
    const path = request.url?.split('?')[0] ?? '/';
    const endpoint = endpointOf(path);
    const told = (endpoint && behaviours.get(endpoint)) ?? 'normal';
    const behaviour = isSpared(request, endpoint, told) ? 'normal' : told;
    if (behaviour === 'normal' || behaviour === 'lose-answer') {
      arrivals.set(request, at);
      if (behaviour === 'lose-answer') loseAnswer(response);
      void real(request, response);
      return;
    }
    const status =
      behaviour === 'lie-200' && endpoint === 'registration'
        ? claimUpdate(request, response, `${provider.issuer}${path}`)
        : misbehave(behaviour, request, response);
    record({ at, path, ...(status === undefined ? {} : { status }) });
  };
}
