import { useEffect, useState } from "preact/hooks";

/** A link of a mail has its token in the fragment, which no server or log sees; it leaves the address bar at once. */
function takeToken(): string {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  if (token) history.replaceState(null, "", location.pathname);
  return token;
}

/** The newest one: a link that is opened where its page stands already changes nothing but the fragment. */
export function useToken(): string {
  const [token, setToken] = useState(takeToken);
  useFragment(() => setToken((before) => takeToken() || before));
  return token;
}

/** Tells of a link to the page that is open, which loads nothing anew. */
export function useFragment(look: () => void): void {
  useEffect(() => {
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
}
