import type { DueReading } from '@downhaul/control';

type Due = Pick<DueReading, 'rollout' | 'metric' | 'batch' | 'server'>;

/** Whose reading comes next: each server has a bounded number at once, and each metric of a rollout its turn. */
interface ReadingTurns {
  /** Those of `due` that begin now; each is under way until it is over. */
  begin<Reading extends Due>(due: readonly Reading[]): Reading[];
  over(reading: Due): void;
}

/** Readings of one server at once: one that hangs keeps none from the others. */
const MOST_PER_SERVER = 4;

export function createReadingTurns(): ReadingTurns {
  const underWay = new Map<string, string>();
  /** By rollout and metric: when its last reading began. A server too slow for all of them serves all in turn. */
  let lastTurn = new Map<string, number>();
  let turn = 0;
  return {
    begin: (due) => {
      lastTurn = keptOf(lastTurn, due);
      const turnOf = (reading: Due) => lastTurn.get(subjectOf(reading)) ?? 0;
      const begun = [];
      for (const reading of due.toSorted((one, other) => turnOf(one) - turnOf(other))) {
        if (underWay.has(keyOf(reading)) || countOf(reading.server) >= MOST_PER_SERVER) continue;
        underWay.set(keyOf(reading), reading.server);
        lastTurn.set(subjectOf(reading), (turn += 1));
        begun.push(reading);
      }
      return begun;
    },
    over: (reading) => void underWay.delete(keyOf(reading)),
  };

  function countOf(server: string): number {
    return [...underWay.values()].filter((each) => each === server).length;
  }
}

/** What nothing is due of has waited for nothing. It is kept while there is little of it. */
function keptOf(turns: Map<string, number>, due: readonly Due[]): Map<string, number> {
  if (turns.size <= MOST_REMEMBERED) return turns;
  const asked = new Set(due.map(subjectOf));
  return new Map([...turns].filter(([subject]) => asked.has(subject)));
}

const MOST_REMEMBERED = 50_000;

function subjectOf({ rollout, metric }: Due): string {
  return `${rollout} ${metric}`;
}

function keyOf(reading: Due): string {
  return `${subjectOf(reading)} ${reading.batch}`;
}
