import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Clock } from '../clock.ts';
import { startWorld, type World } from '../world.ts';

/** The code of each function, by the name under which the world knows it. */
type Code = Readonly<Record<string, string>>;

type Resources = Readonly<Record<string, unknown>>;

/** The ARN of the role, in a template. */
export const roleOfToys = { 'Fn::GetAtt': ['Toys', 'Arn'] };

const document = (statement: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', ...statement },
});

const Toys = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'toys',
    AssumeRolePolicyDocument: document({
      Principal: { Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    }),
    Policies: [
      {
        PolicyName: 'Work',
        PolicyDocument: document({
          Action: ['secretsmanager:*', 'lambda:InvokeFunction', 'sqs:SendMessage'],
          Resource: '*',
        }),
      },
    ],
  },
};

/**
 * A world of an assembly with these resources and functions, written for this test: the function `operate` has the logical
 * id and the physical name `operate`, and the role `toys`, by which it may use secrets, and a schedule may do its work.
 */
export async function startToyWorld(
  code: Code,
  Resources: Resources,
  Outputs: Resources = {},
): Promise<World> {
  const assembly = mkdtempSync(join(tmpdir(), 'rescind-toy-'));
  onTestFinished(() => rmSync(assembly, { recursive: true }));
  const template = { Resources: { Toys, ...functionsOf(code), ...Resources }, Outputs };
  writeFileSync(join(assembly, 'Rescind.template.json'), JSON.stringify(template));
  const files = Object.keys(code).map((name) => [name, { source: { path: name, packaging: 'zip' } }]);
  writeFileSync(
    join(assembly, 'Rescind.assets.json'),
    JSON.stringify({ files: Object.fromEntries(files) as unknown }),
  );
  for (const [name, text] of Object.entries(code)) {
    mkdirSync(join(assembly, name));
    writeFileSync(join(assembly, name, 'index.mjs'), text);
  }
  const world = await startWorld({ assembly, clock: new Clock() });
  onTestFinished(() => world.close());
  return world;
}

function functionsOf(code: Code): Resources {
  return Object.fromEntries(
    Object.keys(code).map((name) => [
      name,
      {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: name,
          Code: { S3Key: `${name}.zip` },
          Handler: 'index.handler',
          Timeout: 5,
          Role: roleOfToys,
          Description: `Rescind: ${name}`,
          Environment: { Variables: {} },
        },
      },
    ]),
  );
}
