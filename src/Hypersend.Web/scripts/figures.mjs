// What the scripts that measure have in common: bench/Hypersend.Load reads a line of JSON for each figure.
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const most = (values) => Math.max(...values);
export const ms = (value) => `${Math.round(value).toLocaleString("en")} ms`;
export const say = (row) => console.log(JSON.stringify(row));
