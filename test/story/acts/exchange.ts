import type { Scene } from '../scene.ts';

/** A token that acme has at the aggregator, for its access token of consent 1. */
export interface Exchanged {
  /** Absent: the aggregator's server refused. */
  readonly token?: string;
  /** What the auditor saw there while the consent stood. */
  readonly before: string;
}

/** Acme exchanges an access token of consent 1 by HTTP; the aggregator announces what it gave, with its parent and no consent. */
export async function exchangeToken({ stage, timeline, wallet }: Scene): Promise<Exchanged> {
  const { aggregator } = stage;
  const { access, accessId } = wallet['consent-1'];
  const [subject = ''] = access;
  const answer = await aggregator.acme.exchange(subject);
  if (!answer.ok) {
    timeline.say('acme', `CANNOT exchange its access token at the aggregator: ${answer.error}`);
    return { before: answer.error };
  }
  const { accessToken: token } = answer;
  const parent = { authority: 'bank', id: accessId };
  await aggregator.announceExchange({ partner: 'acme', token, parent });
  timeline.say(
    'acme',
    'exchanges its access token of consent-1 at the aggregator (RFC 8693), which announces what it gave',
  );
  return { token, before: told(await aggregator.auditor.introspect(token)) };
}

/** The aggregator's own server says so of it, to an auditor of its own. */
export async function claimExchangedIsGone({ token, before }: Exchanged, scene: Scene): Promise<void> {
  const { claims, stage, timeline } = scene;
  await claims.claim('exchanged-inactive-after', async () => {
    const after = token === undefined ? 'no token' : told(await stage.aggregator.auditor.introspect(token));
    timeline.say('check', `the aggregator's server on the exchanged token: before ${before}, after ${after}`);
    return {
      ok: before === 'active' && after === 'inactive',
      seen: `before: ${before}, after: ${after}`,
    };
  });
}

const told = (look: boolean | { readonly error: string }): string =>
  typeof look === 'boolean' ? (look ? 'active' : 'inactive') : look.error;
