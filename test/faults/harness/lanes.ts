import { availableParallelism } from "node:os";

/** One more than there are cores: a run waits for the disk and for the server, too. */
const usual = availableParallelism() + 1;

/** What the lanes of this process work on, so that a method that does not come to its end can say where it is. */
export const underWay = new Set<unknown>();

/** Does `work` for every item, a few at a time, and gives the results in the order of the items. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item, lane: number) => Promise<Result>,
  lanes = usual,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  const lane = async (number: number) => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item === undefined) continue;
      underWay.add(item);
      results.set(index, await work(item, number));
      underWay.delete(item);
    }
  };
  // Every lane comes to its end, and tidies up, before the first failure is thrown.
  const ends = await Promise.allSettled(Array.from({ length: lanes }, (_, number) => lane(number)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
