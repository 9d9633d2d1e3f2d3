import { Document, isScalar, visit } from 'yaml';

/** A JSON value as YAML 1.2, which `parseYaml` reads as the same value. */
export function yamlText(value: unknown): string {
  const tree = new Document(value);
  visit(tree, {
    Pair: (_index, { key }) => {
      // As a plain word it would be a merge key for other readers.
      if (isScalar(key) && key.value === '<<') key.type = 'QUOTE_DOUBLE';
    },
  });
  return tree.toString({ lineWidth: 100 });
}
