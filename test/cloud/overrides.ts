import type { EgressRule } from '../../lib/wire/environment.ts';

/** What tells one caller from another at the local cloud's door. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Local access keys: the door knows a caller by the key id and checks no signature. */
export const credentialsOf = (name: string): LocalCredentials => ({
  accessKeyId: `LOCAL-${name}`,
  secretAccessKey: 'local',
});

/**
 * All that differs from the template's environment in the local world: where AWS is, who asks, and which hosts
 * outside the public internet (with their private CA) connectors may reach.
 */
export const overridesFor = (
  credentials: LocalCredentials,
  place: { readonly endpoint: string; readonly region: string; readonly egress: readonly EgressRule[] },
): Readonly<Record<string, string>> => ({
  AWS_REGION: place.region,
  AWS_ENDPOINT_URL: place.endpoint,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  // the keys of a role come with one (AWS STS)
  AWS_SESSION_TOKEN: 'local',
  RESCIND_EGRESS: JSON.stringify(place.egress),
});
