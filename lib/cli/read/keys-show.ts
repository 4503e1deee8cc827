import { CommandFailed, type Report } from '../output.ts';
import { openRegistry } from '../tables.ts';

/** `rescind keys show`: the public JWK set that senders encrypt handles to. */
export async function showKeys(): Promise<Report> {
  const jwks = await openRegistry().published.jwks();
  if (jwks === undefined)
    throw new CommandFailed(
      'incomplete',
      'no keys are published yet: keep-keys publishes them each hour; invoke it once to have them now',
    );
  const result: unknown = JSON.parse(jwks);
  return { result, lines: JSON.stringify(result, null, 2).split('\n') };
}
