import { useState } from "preact/hooks";
import type { User } from "../core/api/types";

const tones = 7;

/** Everybody keeps one colour wherever they appear: it comes from the id, which never changes. */
const toneOf = (id: string): number => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % tones;

export function Avatar({ user, size }: { user: User; size?: "medium" | "large" }) {
  const [broken, setBroken] = useState<string | null>(null);
  const name = user.name || user.username;
  const picture = user.avatar_url && user.avatar_url !== broken ? user.avatar_url : null;
  return (
    <span class={size ? `avatar ${size}` : "avatar"} data-tone={toneOf(user.id)} aria-hidden="true">
      {picture
        ? <img src={picture} alt="" onError={() => setBroken(picture)} />
        : [...new Intl.Segmenter().segment(name)][0]?.segment.toLocaleUpperCase()}
    </span>
  );
}
