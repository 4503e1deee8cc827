/** `<name>`, `<account>:function:<name>` or the whole ARN, none of them with a version or an alias. */
const forms = /^(?:(?:arn:aws:lambda:[^:]+:)?\d{12}:function:)?([\w-]+)$/;

/**
 * The name of a function, from any of the forms in which AWS takes it (Lambda API Reference, "FunctionName").
 * Throws for a version or an alias: the local cloud has neither.
 */
export function functionNameOf(named: string | undefined): string {
  const [, name] = forms.exec(named ?? '') ?? [];
  if (name === undefined)
    throw new Error(
      `${named === undefined ? 'nothing' : `"${named}"`} names no function: the local cloud knows a name, an ARN and a ` +
        'partial ARN, without a version or an alias',
    );
  return name;
}
