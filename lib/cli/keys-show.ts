import { CommandFailed, print } from './output.ts';
import { openTables } from './tables.ts';

/** `rescind keys show`: the public JWK set that senders encrypt handles to. */
export async function showKeys(options: { readonly json: boolean }): Promise<void> {
  const jwks = await openTables().published.jwks();
  if (jwks === undefined)
    throw new CommandFailed(
      'incomplete',
      'no keys are published yet: keep-keys runs each hour, or invoke it once',
    );
  const parsed: unknown = JSON.parse(jwks);
  print(parsed, JSON.stringify(parsed, null, 2), options.json);
}
