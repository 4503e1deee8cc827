import type { Finding, Rule } from '../rule.ts';
import { dig, ofType, type Resource, type Resources } from '../template.ts';

/** Doors that anybody may knock at, by logical id, each with the reason in a comment. None. */
const openOnPurpose: readonly string[] = [];

const open = [undefined, 'NONE'] as readonly unknown[];

type Doors = Readonly<Record<string, (door: Resource) => readonly Omit<Finding, 'resource'>[]>>;

/** By type: what makes it a door for everybody. */
const doors: Doors = {
  'AWS::Lambda::Url': ({ Properties }) => openIf(Properties['AuthType'] !== 'AWS_IAM', 'AuthType'),
  'AWS::Lambda::Permission': ({ Properties }) => [
    ...openIf(isAnybody(Properties['Principal']), 'Principal'),
    ...openIf(Properties['FunctionUrlAuthType'] === 'NONE', 'FunctionUrlAuthType'),
  ],
  'AWS::ApiGateway::Method': authorized,
  'AWS::ApiGatewayV2::Route': authorized,
  // its routes stand in a text that is not read here
  'AWS::ApiGateway::RestApi': described,
  'AWS::ApiGatewayV2::Api': (door) => [
    ...described(door),
    // makes a route to it for everybody
    ...openIf(door.Properties['Target'] !== undefined, 'Target'),
  ],
};

export const doorsAskWhoItIs: Rule = {
  name: 'doors-ask-who-it-is',
  promise: 'No URL, function, method or route answers somebody whom nobody authenticated',
  remedy:
    'Authenticate by IAM (FunctionUrlAuthType.AWS_IAM) or by an authorizer; describe APIs by constructs, not by a text; or name the ' +
    'door in `openOnPurpose` of this rule, with the reason',
  find: (resources) => doorsOf(resources).filter(({ resource }) => !openOnPurpose.includes(resource)),
};

function doorsOf(resources: Resources): readonly Finding[] {
  return ofType(resources, ...Object.keys(doors)).flatMap(([resource, door]) =>
    (doors[door.Type]?.(door) ?? []).map((found) => ({ resource, ...found })),
  );
}

function authorized({ Properties }: Resource): readonly Omit<Finding, 'resource'>[] {
  return openIf(open.includes(Properties['AuthorizationType']), 'AuthorizationType');
}

function described({ Properties }: Resource): readonly Omit<Finding, 'resource'>[] {
  return ['Body', 'BodyS3Location'].flatMap((name) => openIf(Properties[name] !== undefined, name));
}

function isAnybody(principal: unknown): boolean {
  return principal === '*' || dig(principal, 'AWS') === '*';
}

function openIf(isOpen: boolean, name: string): readonly Omit<Finding, 'resource'>[] {
  return isOpen ? [{ at: `Properties.${name}`, got: `its ${name} lets in whoever comes` }] : [];
}
