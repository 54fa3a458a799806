import { useState } from "preact/hooks";
import type { User } from "../core/api/types";

export function Avatar({ user, large }: { user: User; large?: boolean }) {
  const [broken, setBroken] = useState<string | null>(null);
  const name = user.name || user.username;
  const picture = user.avatar_url && user.avatar_url !== broken ? user.avatar_url : null;
  return (
    <span class={large ? "avatar large" : "avatar"} aria-hidden="true">
      {picture
        ? <img src={picture} alt="" onError={() => setBroken(picture)} />
        : [...new Intl.Segmenter().segment(name)][0]?.segment.toLocaleUpperCase()}
    </span>
  );
}
