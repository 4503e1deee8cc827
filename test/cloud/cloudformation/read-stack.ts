import { resolve } from 'node:path';
import { refuseCircles } from './dependencies.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import { type Named, type Place, type ResourceType, resourceTypes } from './resource-types.ts';
import { type Assets, readAssets, readTemplate, type Template, type TemplateResource } from './template.ts';
import { known, TemplateError } from './template-error.ts';

/** One resource of a template as it stands in the local cloud. */
export interface Resource {
  readonly logicalId: string;
  /** For example `AWS::SQS::Queue`. */
  readonly type: string;
  /** The physical name (the id, for keys and event source mappings). */
  readonly name: string;
  /** Empty for a type to which AWS gives no ARN. */
  readonly arn: string;
  /** As in the template, all intrinsics resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Absolute path of the unpacked code; Lambda functions have one. */
  readonly codeFolder?: string;
}

/** A template that was read: names settled, references resolved. */
export interface Stack {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The resources of one type, in the order of the template. */
  of(type: string): readonly Resource[];
}

/**
 * Reads one stack of an assembly folder (`cdk.out`) for a place.
 * Throws `TemplateError` for every type, intrinsic, attribute or section that the local cloud does not know.
 */
export function readStack(folder: string, stackName: string, place: Place): Stack {
  const template = readTemplate(folder, stackName);
  const assets = readAssets(folder, stackName);
  return resolveStack(template, stackName, place, (logicalId, key) =>
    codeFolder(folder, assets, logicalId, key),
  );
}

/** The same for a template in hand. */
export function resolveStack(
  template: Template,
  stackName: string,
  place: Place,
  code: (logicalId: string, key: unknown) => string,
): Stack {
  refuseUnknownTypes(template);
  refuseCircles(template);
  const resolver = new Resolver(template, stackName, place);
  const resources = Object.entries(template.Resources).map(([logicalId, { Type }]): Resource => {
    const { name, arn } = resolver.identityOf(logicalId, logicalId);
    const properties = resolver.propertiesOf(logicalId);
    return {
      logicalId,
      type: Type,
      name,
      arn,
      properties,
      ...(Type === 'AWS::Lambda::Function' && { codeFolder: code(logicalId, properties['Code']) }),
    };
  });
  const outputs = Object.entries(template.Outputs).map(([name, { Value }]) => [
    name,
    evaluate(Value, resolver, `Outputs.${name}`),
  ]);
  return {
    resources,
    outputs: Object.fromEntries(outputs) as Record<string, unknown>,
    of: (type) => resources.filter((resource) => resource.type === type),
  };
}

class Resolver implements Scope {
  readonly #template: Template;
  readonly #stackName: string;
  readonly #place: Place;
  readonly #pseudo: ReadonlyMap<string, string | undefined>;
  readonly #identities = new Map<string, Named>();

  constructor(template: Template, stackName: string, place: Place) {
    const { account, region } = place;
    this.#template = template;
    this.#stackName = stackName;
    this.#place = place;
    this.#pseudo = new Map([
      ['AWS::AccountId', account],
      ['AWS::NoValue', undefined],
      ['AWS::Partition', 'aws'],
      ['AWS::Region', region],
      ['AWS::StackId', `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`],
      ['AWS::StackName', stackName],
      ['AWS::URLSuffix', 'amazonaws.com'],
    ]);
  }

  ref(id: string, where: string): string | undefined {
    if (this.#pseudo.has(id)) return this.#pseudo.get(id);
    const { type, named } = this.#find(id, where);
    if (!type.ref) throw new TemplateError(where, `Ref of ${this.#describe(id)} is not known`);
    return type.ref(named);
  }

  attribute(id: string, attribute: string, where: string): string {
    const { type, named } = this.#find(id, where);
    const attributes = type.attributes ?? {};
    const answer = attributes[attribute];
    if (!answer)
      throw new TemplateError(
        where,
        `the attribute ${attribute} of ${this.#describe(id)} is not known (${known(Object.keys(attributes))})`,
      );
    return answer(named);
  }

  identityOf(id: string, where: string): Named {
    return this.#find(id, where).named;
  }

  propertiesOf(id: string): Readonly<Record<string, unknown>> {
    return evaluate(this.#template.Resources[id]?.Properties, this, id) as Record<string, unknown>;
  }

  #find(id: string, where: string): { readonly type: ResourceType; readonly named: Named } {
    const resource = this.#template.Resources[id];
    const type = resource && resourceTypes[resource.Type];
    if (!type) throw new TemplateError(where, `nothing in the template is named ${id}`);
    const named = this.#identities.get(id) ?? this.#identify(id, resource, type);
    this.#identities.set(id, named);
    return { type, named };
  }

  #identify(id: string, { Properties }: TemplateResource, type: ResourceType): Named {
    const self = {
      generated: `${this.#stackName}-${id}`,
      place: this.#place,
      // a name, a path, a bus: what ends up in an ARN is text
      property: (member: string) =>
        evaluate(Properties[member], this, `${id}.${member}`) as string | undefined,
    };
    const given = type.nameProperty === undefined ? undefined : self.property(type.nameProperty);
    const name = given ?? type.made?.(self) ?? self.generated;
    return { ...self, name, arn: type.arn?.({ ...self, name }) ?? '' };
  }

  #describe(id: string): string {
    return `${id} (${this.#template.Resources[id]?.Type})`;
  }
}

function refuseUnknownTypes({ Resources }: Template): void {
  for (const [id, { Type }] of Object.entries(Resources))
    if (!resourceTypes[Type])
      throw new TemplateError(id, `the type ${Type} is not known (${known(Object.keys(resourceTypes))})`);
}

function codeFolder(folder: string, assets: Assets, logicalId: string, code: unknown): string {
  const key = (code as { S3Key?: unknown } | undefined)?.S3Key;
  const asset = typeof key === 'string' ? assets.get(key) : undefined;
  if (asset?.packaging !== 'zip')
    throw new TemplateError(
      `${logicalId}.Code`,
      `${JSON.stringify(code)} is no folder of the assembly (${known(assets.keys())})`,
    );
  return resolve(folder, asset.path);
}
