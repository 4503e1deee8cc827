import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { startVitest } from 'vitest/node';

// npm run test:dynamodb -- [--endpoint URL] [--region NAME]
// Holds the conformance suite against any DynamoDB, for instance the service itself with
//   --endpoint https://dynamodb.eu-west-1.amazonaws.com --region eu-west-1
// with credentials from where the SDK looks for them. Without an endpoint: the local one. The tables that it makes
// start with `rescind-conformance-` and are deleted at the end.

const program = new Command('npm run test:dynamodb --')
  .description('Holds the conformance suite against any DynamoDB.')
  .option('--endpoint <url>', 'where it is; without one, the local stand-in')
  .option('--region <name>', 'its region')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const { endpoint, region } = program.opts<{ endpoint?: string; region?: string }>();
if (endpoint !== undefined && !URL.canParse(endpoint))
  program.error(`error: --endpoint ${endpoint} is no URL`);
if (endpoint !== undefined) process.env['RESCIND_DYNAMODB_ENDPOINT'] = endpoint;
if (region !== undefined) process.env['RESCIND_DYNAMODB_REGION'] = region;
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// its own configuration: the suite needs nothing that the project's global setup makes
const vitest = await startVitest('test', ['test/cloud/services/dynamodb/conformance/conformance.test.ts'], {
  root: fileURLToPath(new URL('../../../../..', import.meta.url)),
  config: false,
  watch: false,
  testTimeout: 60_000,
  hookTimeout: 300_000,
});
const failed = vitest.state.getCountOfFailedTests() > 0 || vitest.state.getUnhandledErrors().length > 0;
const modules = vitest.state.getTestModules();
await vitest.close();
process.exitCode = failed || modules.length === 0 || modules.some((module) => !module.ok()) ? 1 : 0;
