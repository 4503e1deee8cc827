/** The SDK's chain of credential providers, which Lambda never needs. */
export const sdkCredentials = '@aws-sdk/credential-provider-node';

/** Reads the credentials that Lambda gives; stands in for the chain. */
export const lambdaCredentials = 'lib/aws/lambda/lambda-credentials.ts';

/** Providers that sign in elsewhere, run a program, or ask a metadata service. */
const unused = /\/(credential-provider-(?!env)|token-providers|nested-clients|credential-providers)/;

/**
 * Holds a bundle to its one way to credentials: the environment. Throws where the stand-in is missing or a provider came in by another
 * way, as a new version of the SDK may bring it. `inputs` are the paths that esbuild put into the bundle.
 */
export function checkCredentialInputs(name: string, inputs: readonly string[]): void {
  const stray = inputs.filter((path) => unused.test(path));
  if (stray.length > 0)
    throw new Error(
      `the bundle of ${name} holds credential providers that Lambda never uses: ${stray.slice(0, 3).join(', ')}; ` +
        `see which module of the SDK imports them, and alias it in lib/stack/compute/bundle-options.ts`,
    );
  if (!inputs.includes(lambdaCredentials))
    throw new Error(
      `the bundle of ${name} does not read its credentials by ${lambdaCredentials}: the SDK does not import ` +
        `${sdkCredentials} any more; alias what took its place in lib/stack/compute/bundle-options.ts`,
    );
}
