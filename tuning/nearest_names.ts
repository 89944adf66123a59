/** Suggestions for a misspelt name. @module */

/** The `count` names that need the fewest changed, added or removed letters; parts of a name count little. */
export function nearestNames(wanted: string, names: readonly string[], count = 3): string[] {
  const typed = wanted.slice(0, 40);
  return names
    .map((name) => ({ name, distance: distance(typed, name) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Letters to change, add or remove (V. I. Levenshtein, 1966); 1 if the name begins with what was typed. */
function distance(typed: string, name: string): number {
  if (typed.length >= 3 && name.startsWith(typed)) return 1;
  let above = Array.from({ length: name.length + 1 }, (_, i) => i);
  for (let row = 1; row <= typed.length; row++) {
    const here = [row];
    for (let i = 1; i <= name.length; i++) {
      const change = above[i - 1] + (typed[row - 1] === name[i - 1] ? 0 : 1);
      here.push(Math.min(change, above[i] + 1, here[i - 1] + 1));
    }
    above = here;
  }
  return above[name.length];
}
