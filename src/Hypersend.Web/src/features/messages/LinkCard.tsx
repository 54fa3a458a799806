import { useState } from "preact/hooks";
import type { LinkPreview } from "../../core/api/types";

/** What the first link of a message leads to, as the server saw it. Its picture has its room from the start. */
export function LinkCard({ preview }: { preview: LinkPreview }) {
  const [broken, setBroken] = useState(false);
  const { url, site, title, description, image_url: image } = preview;
  if (!/^https?:\/\//i.test(url)) return null;
  return (
    <a class="link-card" href={url} target="_blank" rel="noopener noreferrer nofollow">
      <span class="link-words">
        <span class="link-site one-line" dir="auto">{site}</span>
        <span class="link-title two-lines" dir="auto">{title}</span>
        {description && <span class="link-about two-lines" dir="auto">{description}</span>}
      </span>
      {image && !broken && <img src={image} alt="" loading="lazy" onError={() => setBroken(true)} />}
    </a>
  );
}
