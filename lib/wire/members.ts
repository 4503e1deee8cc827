import * as z from 'zod';

/** A node of a JSON Schema (draft 2020-12), as far as our schemas use it. */
export interface Form {
  readonly type?: string;
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** In words what the pattern asks for. */
  readonly description?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Form;
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Form[];
}

/** One member of a detail, at whatever depth; objects and lists are members too, before what is in them. */
export interface Member {
  /** `consent.id`; `credentials[].id` in each element of a list. */
  readonly path: string;
  /** In the object that it stands in. */
  readonly required: boolean;
  /** The nearest object above it that may be left out. */
  readonly within?: string;
  /** It belongs to some variants of its object only: those where `member` is one of these. */
  readonly where?: { readonly member: string; readonly is: readonly string[] };
  readonly form: Form;
}

/** Every member that a schema knows, in its order. */
export function membersOf(schema: z.ZodType): readonly Member[] {
  return membersIn(formOf(schema), { path: '' });
}

/** The schema of what is written on the wire, its patterns in the words of its own refusals. */
export function formOf(schema: z.ZodType): Form {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.description = inWords(zodSchema);
    },
  });
  return JSON.parse(JSON.stringify(made), withoutNull) as Form;
}

const orNull = z.looseObject({ anyOf: z.tuple([z.looseObject({}), z.object({ type: z.literal('null') })]) });

/** `null` is absence (see `optional`), which `required` says already. */
function withoutNull(_name: string, node: unknown): unknown {
  const { data } = orNull.safeParse(node);
  if (!data) return node;
  const { anyOf, ...rest } = data;
  return { ...anyOf[0], ...rest };
}

/** No pattern of ours takes it, so that each says what it asks for. */
const refusedByAll = '\0';

function inWords(schema: z.core.$ZodType): string {
  const [issue] = z.safeParse(schema, refusedByAll).error?.issues ?? [];
  const [, words] = /^must be (?:an? )?([^:]+?)(?:(?::|, such as) .*)?$/.exec(issue?.message ?? '') ?? [];
  if (words === undefined)
    throw new TypeError(
      `a pattern says "${issue?.message ?? 'nothing'}" when it refuses: give it an error that begins with "must be"`,
    );
  return words;
}

type Place = Pick<Member, 'path' | 'within'>;

function membersIn(form: Form, at: Place): readonly Member[] {
  if (form.oneOf) return variantsIn(form.oneOf, at);
  if (form.items) return membersIn(form.items, { ...at, path: `${at.path}[]` });
  return Object.entries(form.properties ?? {}).flatMap(([name, inner]) => {
    const path = at.path === '' ? name : `${at.path}.${name}`;
    const required = form.required?.includes(name) ?? false;
    const below = required ? at : { ...at, within: path };
    return [{ ...at, path, required, form: inner }, ...membersIn(inner, { ...below, path })];
  });
}

/** Objects that one member tells apart: what they share is named once. */
function variantsIn(variants: readonly Form[], at: Place): readonly Member[] {
  const [tag] = Object.entries(variants[0]?.properties ?? {}).find(([, { const: fixed }]) => fixed) ?? [];
  if (tag === undefined) throw new TypeError(`${at.path}: its variants have no member that tells them apart`);
  const nameOf = (variant: Form) => String(variant.properties?.[tag]?.const);
  const found = variants.flatMap((variant) =>
    membersIn(variant, at).map((member) => ({ member, variant: nameOf(variant) })),
  );
  const paths = [...new Set(found.map(({ member }) => member.path))];
  return paths.flatMap((path) => {
    const same = found.filter(({ member }) => member.path === path);
    const [first] = same;
    const is = same.map(({ variant }) => variant);
    if (!first) return [];
    if (path === `${at.path}.${tag}`) return [{ ...first.member, form: { type: 'string', enum: is } }];
    return [is.length === variants.length ? first.member : { ...first.member, where: { member: tag, is } }];
  });
}
