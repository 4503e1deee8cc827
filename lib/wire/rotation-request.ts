import * as z from 'zod';
import { clientId } from '../domain/ids.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** As AWS's own templates spell it, which is what is on the wire. */
export type RotationStep = (typeof steps)[number];

/** As the User Guide prints them ("Lambda rotation functions"). */
const printed: Readonly<Record<string, RotationStep>> = {
  create_secret: 'createSecret',
  set_secret: 'setSecret',
  test_secret: 'testSecret',
  finish_secret: 'finishSecret',
};

/** Secrets Manager ends an ARN with a hyphen and six characters of its own. */
const keySecretArn = /:secret:rescind\/client\/([^/]+)\/key-[0-9A-Za-z]{6}$/;

/** What Secrets Manager asks of a rotation function (User Guide, "Rotation by Lambda function"). */
export const rotationRequest = z
  .object({
    Step: z.preprocess((step) => (typeof step === 'string' ? (printed[step] ?? step) : step), z.enum(steps)),
    SecretId: z
      .string()
      .max(2_048)
      .regex(keySecretArn, 'must be the ARN of a secret rescind/client/<id>/key'),
    ClientRequestToken: z.string().min(32).max(64),
  })
  .transform(({ Step, SecretId, ClientRequestToken }) => ({
    step: Step,
    secretId: SecretId,
    token: ClientRequestToken,
    client: clientId(keySecretArn.exec(SecretId)?.[1] ?? ''),
  }));

export type RotationRequest = z.output<typeof rotationRequest>;
