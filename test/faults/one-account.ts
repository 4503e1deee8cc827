import { caseIdOf } from '../../lib/domain/case/case.ts';
import { consentId } from '../../lib/domain/ids.ts';
import type { Stage } from '../story/stage.ts';

/** The consent of `openAccount`, and the case of its withdrawal. */
export const subject = { type: 'consent', id: consentId('consent-1') } as const;
export const withdrawal = caseIdOf({ kind: 'consent-withdrawn', subject, generation: 1, round: 1 });

/** One consent with a refresh token that lives for months. */
export async function openAccount({ authority, bank, world }: Stage): Promise<string> {
  const { grant, refreshToken, refreshTokenId } = await authority.mint('acme', 'customer-7');
  await bank.grant({ id: 'consent-1', partner: 'acme', customer: 'customer-7' });
  await bank.issue({
    id: refreshTokenId,
    kind: 'refresh_token',
    partner: 'acme',
    consent: 'consent-1',
    grant,
    token: refreshToken,
  });
  await world.settle();
  return refreshToken;
}
