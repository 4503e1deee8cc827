import { conformance } from './conformance.ts';
import { connect, type Connection } from './connection.ts';
import { localCredentials, startLocalDynamoDb } from './local-dynamodb.ts';

// set by run-conformance.ts; credentials then come from where the SDK looks for them
const { RESCIND_DYNAMODB_ENDPOINT: endpoint, RESCIND_DYNAMODB_REGION: region = 'eu-west-1' } = process.env;

conformance(endpoint === undefined ? connectLocal : () => connect({ endpoint, region }));

async function connectLocal(): Promise<Connection> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const local = await startLocalDynamoDb();
  const connection = await connect({
    endpoint: local.endpoint,
    region,
    credentials: localCredentials,
    // a kept connection that the server closes just then is a failed call, as nothing is tried twice here
    requestHandler: { httpAgent: { keepAlive: false } },
  });
  const cleanUp = async (): Promise<void> => {
    await connection.cleanUp();
    await local.close();
  };
  return { ...connection, cleanUp };
}
