/** The groups of files that import each other in a circle, each sorted (Tarjan's strongly connected components). */
export function knots(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const stack: string[] = [];

  const visit = (file: string): number => {
    order.set(file, order.size);
    let low = order.get(file) ?? 0;
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? 0);
    }
    if (low === order.get(file)) {
      const group = stack.splice(stack.indexOf(file)).toSorted();
      if (group.length > 1 || imports.get(file)?.includes(file)) found.push(group);
    }
    return low;
  };

  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found.toSorted(([a = ""], [b = ""]) => a.localeCompare(b));
}
