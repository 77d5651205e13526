/**
 * Counters and histograms in the text format of Prometheus, version 0.0.4. A registry of our own, because this is all of
 * it that is needed: the usual client brings two more packages, one of them the API of OpenTelemetry.
 */

/** Values come from lists of ours, so that there are few and none of them is secret. */
export type Labels = Readonly<Record<string, string>>;

export type Registry = {
  /** @param name ends in _total */
  counter(name: string, help: string): (labels?: Labels) => void;
  /** @param buckets upper bounds in the unit of the name, rising */
  histogram(name: string, help: string, buckets: readonly number[]): (value: number, labels: Labels) => void;
  /** Read each time. */
  gauge(name: string, help: string, read: () => number): void;
  text(): string;
};

export function createRegistry(): Registry {
  const families: (() => string[])[] = [];
  const family = (name: string, type: string, help: string, samples: () => string[]): void => {
    families.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples()]);
  };
  return {
    counter(name, help) {
      const counts = new Map<string, number>();
      family(name, 'counter', help, () => [...counts].map(([labels, count]) => `${name}${labels} ${count}`));
      return (labels = {}) => {
        const key = inBraces(labels);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      };
    },
    histogram(name, help, buckets) {
      const series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();
      family(name, 'histogram', help, () =>
        [...series.values()].flatMap(({ labels, counts, sum, count }) => [
          ...buckets.map((le, index) => `${name}_bucket${inBraces({ ...labels, le: String(le) })} ${counts[index]}`),
          `${name}_bucket${inBraces({ ...labels, le: '+Inf' })} ${count}`,
          `${name}_sum${inBraces(labels)} ${sum}`,
          `${name}_count${inBraces(labels)} ${count}`,
        ]),
      );
      return (value, labels) => {
        const key = inBraces(labels);
        const one = series.get(key) ?? { labels, counts: buckets.map(() => 0), sum: 0, count: 0 };
        series.set(key, one);
        one.counts = one.counts.map((count, index) => count + Number(value <= (buckets[index] ?? 0)));
        one.sum += value;
        one.count += 1;
      };
    },
    gauge: (name, help, read) => family(name, 'gauge', help, () => [`${name} ${read()}`]),
    text: () => `${families.flatMap((lines) => lines()).join('\n')}\n`,
  };
}

function inBraces(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (found) => (found === '\n' ? '\\n' : `\\${found}`))}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
