import { tokenExchange } from '../authority/messages.ts';
import { errorOf, postToken, tokensOf } from './party.ts';
import type { Credentials, InteropServer } from './server.ts';

/** What says that a server knows no such grant (RFC 6749 section 5.2), and what else a server says for it. */
const lackingCodes = (more: readonly string[]): readonly string[] => ['unsupported_grant_type', ...more];

/** Exchanges as `bolt` (RFC 8693 section 2.1). Rejects where the server has the grant and refuses this exchange. */
export const exchangeAs =
  (
    at: Parameters<typeof postToken>[0],
    credentials: Credentials,
    ...more: readonly string[]
  ): InteropServer['exchange'] =>
  async (subjectToken, requested) => {
    const answer = await postToken(
      at,
      { client: 'bolt', credentials },
      {
        grant_type: tokenExchange.grantType,
        subject_token: subjectToken,
        subject_token_type: tokenExchange.accessToken,
        requested_token_type: `urn:ietf:params:oauth:token-type:${requested}`,
      },
    );
    const tokens = tokensOf(answer, 'bolt');
    if (tokens) return tokens;
    const code = errorOf(answer);
    if (lackingCodes(more).includes(code)) return { lacks: `The token endpoint answers \`${code}\` to it` };
    throw new Error(`the exchange was refused: ${JSON.stringify(answer.body)}`);
  };
