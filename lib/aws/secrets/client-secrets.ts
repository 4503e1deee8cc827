import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RotateSecretCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { ClientId } from '../../domain/ids.ts';
import { registrationSecretOf } from '../../domain/rotation/client.ts';
import { Secret } from '../../domain/secret.ts';

type Stage = 'AWSCURRENT' | 'AWSPREVIOUS' | 'AWSPENDING';

/** The secrets that hold clients' keys, with their versions; implements `KeySecrets` of the flows. Nothing is cached. */
export function keySecrets(client: SecretsManagerClient) {
  return {
    describe: (id: string) =>
      unlessMissing(async () => {
        const found = await client.send(new DescribeSecretCommand({ SecretId: id }));
        return {
          rotationEnabled: found.RotationEnabled ?? false,
          stages: new Map(Object.entries(found.VersionIdsToStages ?? {})),
        };
      }),
    read: (id: string, { stage, token }: { readonly stage: Stage; readonly token?: string }) =>
      readValue(client, { SecretId: id, VersionStage: stage, VersionId: token }),
    putPending: async (id: string, token: string, value: Secret): Promise<'put' | 'taken'> => {
      const version = { ClientRequestToken: token, VersionStages: ['AWSPENDING'] };
      try {
        await client.send(
          new PutSecretValueCommand({ SecretId: id, SecretString: value.reveal(), ...version }),
        );
        return 'put';
      } catch (error) {
        if (error instanceof ResourceExistsException) return 'taken';
        throw error;
      }
    },
    promote: async (
      id: string,
      { from, to }: { readonly from: string; readonly to: string },
    ): Promise<'promoted' | 'moved'> => {
      const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: to, RemoveFromVersionId: from };
      try {
        await client.send(new UpdateSecretVersionStageCommand({ SecretId: id, ...move }));
        return 'promoted';
      } catch (error) {
        // when two runs promote at once, the later one names a version that no longer has the label
        if (error instanceof InvalidParameterException) return 'moved';
        throw error;
      }
    },
  };
}

/**
 * Starts rotations by the given function; implements `RotationStarter` of the flows. Secrets Manager has no schedule of its own: the API
 * Reference ("RotateSecret") does not require `RotationRules`, and CloudFormation without them configures a function that is
 * called only on demand (aws-cdk issue 18749; `automaticallyAfter: Duration.days(0)` "will not create RotationRules").
 * Rules that somebody sets by hand stay. The rotations that they begin are refused, because no stored intent belongs to them.
 */
export const rotationStarter = (client: SecretsManagerClient, functionArn: string) => ({
  rotate: async (id: string, token: string): Promise<'asked' | 'other-pending'> => {
    try {
      await client.send(
        new RotateSecretCommand({
          SecretId: id,
          ClientRequestToken: token,
          RotationLambdaARN: functionArn,
          RotateImmediately: true,
        }),
      );
      return 'asked';
    } catch (error) {
      // several faults have this name; only this text means that an earlier rotation is still pending
      if (error instanceof InvalidRequestException && /previous rotation/i.test(error.message))
        return 'other-pending';
      throw error;
    }
  },
});

/** The registration access tokens of clients; implements `RegistrationTokens` of the flows. */
export const registrationTokens = (client: SecretsManagerClient) => ({
  read: (id: ClientId) => readValue(client, { SecretId: registrationSecretOf(id) }),
  keep: async (id: ClientId, token: Secret): Promise<void> => {
    const SecretString = token.reveal();
    await client.send(new PutSecretValueCommand({ SecretId: registrationSecretOf(id), SecretString }));
  },
});

function readValue(
  client: SecretsManagerClient,
  which: {
    readonly SecretId: string;
    readonly VersionStage?: string;
    readonly VersionId?: string | undefined;
  },
): Promise<Secret | undefined> {
  return unlessMissing(async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand(which));
    return SecretString === undefined ? undefined : new Secret(SecretString);
  });
}

/** Returns undefined for a missing secret or version, which is an expected answer and no error. */
async function unlessMissing<Found>(read: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
