import { useEffect, useState } from "preact/hooks";

/** What is typed, once nobody has typed for a moment; what is emptied, at once. */
export function useCalm(typed: string, ms = 250): string {
  const wanted = typed.trim();
  const [calm, setCalm] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(wanted), wanted ? ms : 0);
    return () => clearTimeout(timer);
  }, [wanted, ms]);
  return calm;
}
