interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
}

/** The keys that a JSON Schema knows at a place. */
export function keysAt(schema: object, path: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly SchemaNode[] = [schema];
  for (const step of path) nodes = nodes.flatMap(alternatives).flatMap((node) => inside(node, step));
  return nodes.flatMap(alternatives).flatMap((node) => [...Object.keys(node.properties ?? {}), ...(node.propertyNames?.enum ?? [])]);
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf ? node.anyOf.flatMap(alternatives) : [node];
}

function inside(node: SchemaNode, step: PropertyKey): readonly SchemaNode[] {
  if (typeof step === "number") return node.items ? [node.items] : [];
  const found = node.properties?.[String(step)] ?? node.additionalProperties;
  return typeof found === "object" ? [found] : [];
}
