import { place } from '../cloud/services.ts';
import { environment } from '../../lib/wire/environment.ts';
import type { World } from '../cloud/world.ts';
import { operators } from './cast.ts';
import { roleOf } from './operator.ts';
import type { Stage } from './stage.ts';

const senderList = environment.shape.RESCIND_SENDERS;

/** Lines for a shell: with them `rescind`, the AWS command line and any SDK speak to this world, as the first operator. */
export function exportLines({ world }: Stage): readonly string[] {
  const [first, ...others] = operators;
  const { accessKeyId, secretAccessKey } = world.admit(first);
  const variables = {
    AWS_ENDPOINT_URL: world.gateway.endpoint,
    AWS_REGION: place.region,
    // the AWS command line of version 1 and boto3 read this one alone
    AWS_DEFAULT_REGION: place.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...world.environment,
  };
  return [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...others.map(
      (name) => `# to be ${name}: export AWS_ACCESS_KEY_ID=${quoted(world.admit(name).accessKeyId)}`,
    ),
    ...sourcesIn(world).map((source) => {
      const { accessKeyId: key } = world.admitRole(roleOf(source));
      return `# to announce as ${source}, for one command: AWS_ACCESS_KEY_ID=${quoted(key)} aws events put-events …`;
    }),
  ];
}

/** Those that the settings list for this account. */
const sourcesIn = ({ environment }: World): readonly string[] =>
  senderList
    .parse(environment['RESCIND_SENDERS'])
    .flatMap(({ account, source }) => (account === undefined ? source : []));

const quoted = (value: string): string =>
  /^[\w./:@%+=,-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;

/** Resolves at the first SIGINT or SIGTERM. */
export function untilStopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
