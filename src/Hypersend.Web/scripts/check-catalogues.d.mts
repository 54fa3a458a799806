type Catalogue = Record<string, string | Record<string, string>>;

export const languages: Record<string, { script: string; plurals?: string }>;
export function faultsOf(code: string, catalogue: Catalogue, english: Catalogue): string[];
export function read(code: string): Catalogue;
