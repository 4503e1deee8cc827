/** The credentials of a function's role, as the AWS SDK takes them. */
export interface LambdaCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Takes the place of the SDK's chain of credential providers in every bundle (`lib/stack/compute/function-code.ts`). Lambda puts the
 * keys of the function's role into the environment (AWS Lambda Developer Guide, "Defined runtime environment variables") and ends
 * the instance before they expire. Only SnapStart uses container credentials instead, and it does not exist for Node.js.
 */
export const defaultProvider = () => async (): Promise<LambdaCredentials> => ({
  accessKeyId: required('AWS_ACCESS_KEY_ID'),
  secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
  sessionToken: required('AWS_SESSION_TOKEN'),
});

function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is not set: this bundle runs in Lambda, which sets it from the role of the function`,
    );
  return value;
}
