import { type Answered, callHttps } from '../machine/https-call.ts';

interface Authorize {
  readonly origin: string;
  readonly ca: string;
  readonly client: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly customer: string;
}

/**
 * The authorization code that a customer's login and consent give (RFC 6749 section 4.1). The bank's pages for both are
 * two calls of Hydra's admin API: https://www.ory.sh/docs/hydra/concepts/login and .../consent
 */
export async function authorize(asked: Authorize): Promise<string> {
  const cookies = new Map<string, string>();
  const follow = async (url: string): Promise<URL> => {
    const answer = await callHttps(url, {
      ca: asked.ca,
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.cookies) {
      const [name = '', ...value] = cookie.split('=');
      cookies.set(name, value.join('='));
    }
    return locationOf(answer, url);
  };
  const accept = async (what: 'login' | 'consent', page: URL, json: object): Promise<string> => {
    const challenge = page.searchParams.get(`${what}_challenge`) ?? '';
    const answer = await callHttps(
      `${asked.origin}/admin/oauth2/auth/requests/${what}/accept?${what}_challenge=${challenge}`,
      { ca: asked.ca, method: 'PUT', json },
    );
    return String(answer.body['redirect_to']);
  };

  const { client, redirectUri, scope, customer } = asked;
  const first = new URL(`${asked.origin}/oauth2/auth`);
  first.search = new URLSearchParams({
    ...{ response_type: 'code', client_id: client, redirect_uri: redirectUri, scope },
    state: crypto.randomUUID(),
  }).toString();
  const login = await follow(first.href);
  const consent = await follow(await accept('login', login, { subject: customer }));
  const end = await follow(await accept('consent', consent, { grant_scope: scope.split(' ') }));
  const code = end.searchParams.get('code');
  if (code === null) throw new Error(`there was no code for ${customer}: ${end.searchParams.toString()}`);
  return code;
}

function locationOf({ status, location }: Answered, url: string): URL {
  if (location === undefined) throw new Error(`${url} answered ${status} without a redirect`);
  return new URL(location, url);
}
