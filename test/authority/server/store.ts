import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { LiveArtefacts } from '../messages.ts';

/** Everything that one authorization server remembers. */
export interface Store {
  readonly adapter: AdapterFactory;
  countLive(): Readonly<Record<string, LiveArtefacts>>;
}

interface Item {
  readonly model: string;
  readonly payload: AdapterPayload;
}

const counted = {
  Grant: 'grants',
  RefreshToken: 'refreshTokens',
  AccessToken: 'accessTokens',
  ClientCredentials: 'clientCredentials',
} as const satisfies Record<string, keyof LiveArtefacts>;

const none: LiveArtefacts = { grants: 0, refreshTokens: 0, accessTokens: 0, clientCredentials: 0 };

/**
 * A store without a bound: oidc-provider's own keeps 1,000 items, and a death by eviction would be a lie.
 * Nothing is dropped when it expires; the server judges `exp` itself. As with oidc-provider's own store, revoking by
 * grant removes the tokens of every model under it.
 */
export function createStore(): Store {
  const items = new Map<string, Item>();
  const byGrant = new Map<string, Set<string>>();

  const adapter: AdapterFactory = (model) => {
    const keyOf = (id: string): string => `${model}:${id}`;
    const search = async (member: 'uid' | 'userCode', value: string): Promise<AdapterPayload | undefined> => {
      for (const item of items.values()) {
        if (item.model === model && item.payload[member] === value) return item.payload;
      }
      return undefined;
    };
    return {
      async upsert(id, payload) {
        items.set(keyOf(id), { model, payload });
        if (payload.grantId === undefined) return;
        const members = byGrant.get(payload.grantId) ?? new Set();
        byGrant.set(payload.grantId, members.add(keyOf(id)));
      },
      find: async (id) => items.get(keyOf(id))?.payload,
      findByUid: (uid) => search('uid', uid),
      findByUserCode: (code) => search('userCode', code),
      async consume(id) {
        const item = items.get(keyOf(id));
        if (item) item.payload.consumed = epochSeconds();
      },
      async destroy(id) {
        items.delete(keyOf(id));
      },
      async revokeByGrantId(grant) {
        for (const key of byGrant.get(grant) ?? []) items.delete(key);
        byGrant.delete(grant);
      },
    } satisfies Adapter;
  };

  const isLive = ({ payload }: Item): boolean =>
    (payload.exp ?? Infinity) > epochSeconds() && payload.consumed === undefined;

  return {
    adapter,
    countLive() {
      const counts: Record<string, LiveArtefacts> = {};
      for (const item of items.values()) {
        const { model, payload } = item;
        if (!isCounted(model) || payload.clientId === undefined || !isLive(item)) continue;
        const grant = payload.grantId === undefined ? undefined : items.get(`Grant:${payload.grantId}`);
        if (payload.grantId !== undefined && !(grant && isLive(grant))) continue;
        const before = counts[payload.clientId] ?? none;
        counts[payload.clientId] = { ...before, [counted[model]]: before[counted[model]] + 1 };
      }
      return counts;
    },
  };
}

function isCounted(model: string): model is keyof typeof counted {
  return Object.hasOwn(counted, model);
}

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
