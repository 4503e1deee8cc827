/** The credentials of a function's role, as the AWS SDK takes them. */
export interface LambdaCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Takes the place of the SDK's chain of credential providers in every bundle (`lib/stack/compute/bundle-options.ts`). Lambda puts the
 * keys of the function's role into the environment (AWS Lambda Developer Guide, "Defined runtime environment variables"). They come
 * without an expiry time, so the SDK keeps them for the life of the process, as it keeps those of its own environment provider.
 *
 * SnapStart hands out container credentials instead (`AWS_CONTAINER_CREDENTIALS_FULL_URI`). It does not take `nodejs24.x` ("Improving
 * startup performance with Lambda SnapStart", section "Supported features and limitations").
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
