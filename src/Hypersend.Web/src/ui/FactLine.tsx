import type { ComponentChildren } from "preact";

/** What is not there is left out. */
export type Fact = ComponentChildren;

/** Facts in a row, a dot between two; each stands whole, whichever way it runs. Where the row breaks there is no dot: neither hangs at an end nor leads a line. */
export function FactLine({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(Boolean);
  // A sentence alone runs as the page does, even where it begins with a name that runs the other way.
  if (known.length < 2) return <span class="fact-line">{known}</span>;
  return (
    <span class="fact-line">
      <span class="fact-row">
        {known.map((fact, at) => (
          <span class="fact" key={at}>
            {at > 0 && <span class="fact-dot"> · </span>}
            <bdi>{fact}</bdi>
          </span>
        ))}
      </span>
    </span>
  );
}
