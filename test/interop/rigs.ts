import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { Connector } from '../../lib/connectors/connector.ts';
import type { Fetch } from '../../lib/connectors/egress.ts';
import { RegistrationError } from '../../lib/connectors/registration/registration-error.ts';
import type { Behaviour, Endpoint } from '../authority/misbehaviour.ts';
import type { Rig, Trouble } from '../contract/connector.contract.ts';
import { clientKeyBehaviours } from '../contract/client-keys-rig.ts';
import { oauthBehaviours, type Told } from '../contract/oauth-rig.ts';
import { newOwnSecret } from '../contract/oauth-server.ts';
import { connectorAt, egressTo, targetAt } from './at-server.ts';
import { startPartnerKeys } from './partner-keys.ts';
import type { ClientName, InteropServer } from './server.ts';

/** Milliseconds; for a server that hangs, and for no other. */
const impatientMs = 100;

/** The connector for tokens, as Rescind has to be registered at this server. */
export async function oauthRigAt(server: InteropServer): Promise<Rig> {
  const own: ClientName = server.role === 'operator' ? 'rescind' : 'acme';
  const trouble = troubleAt(server, oauthBehaviours);
  const strangers = await newOwnSecret({ method: 'private_key_jwt' });
  const secrets = [String(server.clients[own].key.d), ...strangers.hidden];
  const { role } = server;
  const { fetch } = trouble;
  return {
    connector: connectorAt(server, { client: own, role, fetch }),
    stranger: connectorAt(server, { client: own, role, fetch, secret: strangers.value }),
    async mint() {
      const consent = await server.consent('customer-1');
      const { accessToken, refreshToken } = consent;
      if (refreshToken === undefined) throw new Error('there was no refresh token');
      secrets.push(accessToken, refreshToken);
      return targetAt(refreshToken, 'refresh_token');
    },
    invent: () => targetAt(randomBytes(32).toString('base64url'), 'refresh_token'),
    ...trouble.verbs,
    // where the server does not say, what a canary leaves behind is not looked at
    countOwn: async () => (await server.countOwn(own)) ?? 0,
    secrets: () => secrets,
    close: async () => {},
  };
}

/** The connector for a partner's keys, guarded by one that is to go on working. */
export async function clientKeysRigAt(server: InteropServer): Promise<Rig> {
  let partner = await startPartnerKeys(server);
  let minted: JWK[] = [];
  const secrets = [...partner.secrets];
  const { fetch, verbs } = troubleAt(server, clientKeyBehaviours);
  const current = (clientId?: string): Connector => {
    const now = () =>
      partner.connector({ guarded: true, fetch, ...(clientId === undefined ? {} : { clientId }) });
    return {
      revoke: (target) => now().revoke(target),
      probe: (target) => now().probe(target),
      seeCanary: () => now().seeCanary(),
    };
  };
  async function mintKey(): Promise<JWK> {
    const made = await partner.newKey();
    // the server takes any number, a client of ours has at most eight
    minted = [...minted.slice(-1), made];
    await partner.replaceKeys([partner.current, ...minted]);
    return made;
  }
  return {
    connector: current(),
    stranger: current('nobody'),
    async mint() {
      const made = await mintKey().catch(async (error: unknown) => {
        if (!(error instanceof RegistrationError) || error.code !== 'registration-token-refused') throw error;
        // the answer that had the next token was lost, and this client with it: another one takes its place
        partner = await startPartnerKeys(server);
        minted = [];
        return mintKey();
      });
      secrets.push(...partner.secrets);
      return partner.targetOf(made.kid ?? '');
    },
    invent: () => partner.targetOf('never-made'),
    ...verbs,
    countOwn: async () => 0,
    secrets: () => secrets,
    close: async () => {},
  };
}

function troubleAt(server: InteropServer, told: Readonly<Record<Trouble, Told>>) {
  let hanging = false;
  const [patient, impatient] = [egressTo(server), egressTo(server, impatientMs)];
  const fetch: Fetch = (...call) => (hanging ? impatient : patient)(...call);
  const endpoints: readonly Endpoint[] = ['token', 'revocation', 'introspection', 'registration'];
  const behave = async (behaviour: Told): Promise<void> => {
    for (const endpoint of endpoints) {
      const one: Behaviour = typeof behaviour === 'string' ? behaviour : (behaviour[endpoint] ?? 'normal');
      await server.behave(endpoint, one);
    }
  };
  return {
    fetch,
    verbs: {
      trouble(trouble: Trouble) {
        hanging = trouble === 'hangs';
        return behave(told[trouble]);
      },
      heal() {
        hanging = false;
        return behave('normal');
      },
    },
  };
}
