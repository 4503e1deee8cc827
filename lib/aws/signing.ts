import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { calculateJwkThumbprint } from 'jose';
import { rawFromDer } from '../ledger/es256.ts';
import { publicKey, type PublicKey, type Signer } from '../ledger/signed-checkpoint.ts';

/** Returns a signer with a KMS key, named by id, ARN or alias. It signs ES256 (key spec ECC_NIST_P256, usage SIGN_VERIFY). */
export function kmsSigner(client: Pick<KMSClient, 'send'>, keyId: string): Signer {
  let asked: ReturnType<typeof readPublicKey> | undefined;
  const known = (): ReturnType<typeof readPublicKey> => {
    asked ??= readPublicKey(client, keyId).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
  return {
    publicKey: async () => (await known()).key,
    sign: async (Message) => {
      // sign with the ARN of the public key: an alias may have moved to another key since it was read
      const { arn } = await known();
      const { Signature } = await client.send(
        new SignCommand({ KeyId: arn, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
      );
      if (!Signature) throw new Error(`KMS returned no signature with key ${arn}`);
      return rawFromDer(Signature);
    },
  };
}

async function readPublicKey(
  client: Pick<KMSClient, 'send'>,
  id: string,
): Promise<{ readonly arn: string; readonly key: PublicKey }> {
  const answer = await client.send(new GetPublicKeyCommand({ KeyId: id }));
  const { KeyId: arn, KeySpec, KeyUsage, PublicKey: spki } = answer;
  if (!arn || !spki || KeySpec !== 'ECC_NIST_P256' || KeyUsage !== 'SIGN_VERIFY')
    throw new Error(
      `key ${id} is ${KeySpec} for ${KeyUsage}: checkpoints need ECC_NIST_P256 for SIGN_VERIFY`,
    );
  const jwk = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  const kid = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '' });
  return { arn, key: publicKey.parse({ ...jwk, kid }) };
}
