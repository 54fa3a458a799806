import { useState } from "preact/hooks";
import { personName } from "../core/names";
import { Icon, type IconName } from "./Icon";

const tones = 7;

/** Everybody keeps one colour wherever they appear: it comes from the id, which never changes. */
export const toneOf = (id: string): number => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % tones;

/** Whatever has a picture or a name: a person, or a chat. */
export interface Face {
  id: string;
  name: string;
  username?: string;
  avatar_url?: string | null;
}

export function Avatar({ user, size, presence, icon }: {
  user: Face;
  size?: "tiny" | "small" | "medium" | "large";
  /** A dot says how somebody is who is there. */
  presence?: { readonly status: string; readonly online: boolean } | null;
  /** In place of the letter (saved messages). */
  icon?: IconName;
}) {
  const [broken, setBroken] = useState<string | null>(null);
  const name = personName(user);
  const picture = user.avatar_url && user.avatar_url !== broken ? user.avatar_url : null;
  return (
    <span class={presence?.online ? "avatar-frame online" : "avatar-frame"} data-status={presence?.status} aria-hidden="true">
      <span class={size ? `avatar ${size}` : "avatar"} data-tone={toneOf(user.id)}>
        {picture
          ? <img src={picture} alt="" loading="lazy" onError={() => setBroken(picture)} />
          : icon ? <Icon name={icon} /> : firstLetter(name)}
      </span>
    </span>
  );
}

const letters = new Intl.Segmenter();
const firstLetter = (name: string): string | undefined => [...letters.segment(name.trim())][0]?.segment.toLocaleUpperCase();
