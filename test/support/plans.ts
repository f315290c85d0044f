/** How PostgreSQL would carry a statement out, for specs that a page or a turn asks indexes and not whole tables. */
import type { Reader } from '../../src/platform/database/database';

export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Conflict Arbiter Indexes'?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

/** A row of EXPLAIN (FORMAT JSON). */
export interface PlanRow {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }];
}

export function nodesOf(row: PlanRow): readonly PlanNode[] {
  const below = (node: PlanNode): readonly PlanNode[] => [
    node,
    ...(node.Plans ?? []).flatMap(below),
  ];
  return below(row['QUERY PLAN'][0].Plan);
}

/** The tables that are read from end to end. */
export function scannedBy(nodes: readonly PlanNode[]): readonly string[] {
  return nodes.flatMap((node) =>
    node['Node Type'] === 'Seq Scan' && node['Relation Name'] !== undefined
      ? [node['Relation Name']]
      : [],
  );
}

export function indexesUsedBy(nodes: readonly PlanNode[]): readonly string[] {
  return nodes.flatMap((node) => [
    ...(node['Index Name'] === undefined ? [] : [node['Index Name']]),
    ...(node['Conflict Arbiter Indexes'] ?? []),
  ]);
}

/** A reader that asks how each statement would be done, adds that to `nodes`, and does nothing. */
export function explaining(reader: Reader, nodes: PlanNode[]): Reader {
  return {
    ...reader,
    query: async (sql, parameters) => {
      const [row] = await reader.query<PlanRow>(`explain (format json) ${sql}`, parameters);
      if (row !== undefined) nodes.push(...nodesOf(row));
      return [];
    },
  };
}
