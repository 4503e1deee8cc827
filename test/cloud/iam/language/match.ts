/**
 * Whether a pattern of an `Action` or `NotAction` names an action. The service and the action are not case sensitive.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function matchesAction(pattern: string, action: string): boolean {
  return anywhere(pattern.toLowerCase()).test(action.toLowerCase());
}

/**
 * Whether a pattern of a `Resource` or `NotResource` names a resource; case counts. "You can use wildcard characters (* and ?)
 * within the individual segments of an ARN (the parts separated by colons) ... If the * wildcard is the last character of a
 * resource ARN segment, it can expand to match beyond the colon boundaries." A slash is a character like any other.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesResource(pattern: string, resource: string): boolean {
  return bySegment(pattern).test(resource);
}

/**
 * Whether a pattern of `StringLike` takes a text: `*` is any number of any characters, `?` is one; case counts.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export function matchesText(pattern: string, text: string): boolean {
  return anywhere(pattern).test(text);
}

/**
 * Whether a pattern of `ArnLike` (`ArnEquals` is the same) takes an ARN: "each of the six colon-delimited components of the
 * ARN is checked separately".
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const patterns = componentsOf(pattern);
  const components = componentsOf(arn);
  return (
    patterns !== undefined &&
    components !== undefined &&
    patterns.every((part, index) => matchesText(part, components[index] ?? ''))
  );
}

/** The six components of an ARN, the last of which may hold colons; undefined for what is none. */
export function componentsOf(arn: string): readonly string[] | undefined {
  const [scheme, partition, service, region, account, ...resource] = arn.split(':');
  if (scheme !== 'arn' || resource.length === 0) return undefined;
  return [scheme, partition ?? '', service ?? '', region ?? '', account ?? '', resource.join(':')];
}

/** The account that an ARN names; undefined where it names none. */
export function accountOf(arn: string): string | undefined {
  return componentsOf(arn)?.[4] || undefined;
}

const anywhere = remembered((pattern) => compile(pattern, () => '.*', '.'));

const bySegment = remembered((pattern) =>
  compile(
    pattern,
    (next) => (next === undefined || next === ':' ? '.*' : '[^:]*'),
    // one character of its segment: the documentation lets only `*` leave it
    '[^:]',
  ),
);

function compile(pattern: string, star: (next: string | undefined) => string, question: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\*?]/g, (character, at: number) => {
    if (character === '*') return star(pattern[at + 1]);
    return character === '?' ? question : `\\${character}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

/** A template has some hundred patterns; each is asked for at every call. */
function remembered(make: (pattern: string) => RegExp): (pattern: string) => RegExp {
  const made = new Map<string, RegExp>();
  return (pattern) => {
    const known = made.get(pattern) ?? make(pattern);
    made.set(pattern, known);
    return known;
  };
}
