import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { server, serverName, speak } from "../../app";
import { LanguageSelect } from "../../ui/LanguageSelect";
import { PlainHttp } from "../../ui/PlainHttp";
import { BrandMark } from "../../ui/Screen";

/** The frame of every screen before logging in: mark, title, one card, the language below. */
export function EntryPage({ title, text, children }: {
  title: string;
  text?: string | undefined;
  children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A new step starts at its title; where a field asked for the focus already, it keeps it.
    if (!document.activeElement || document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div class="entry-page">
      <main id="content" class="entry-card" tabIndex={-1}>
        <header class="entry-head">
          <BrandMark />
          <p class="entry-brand"><bdi>{serverName()}</bdi></p>
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {text && <p class="soft">{text}</p>}
        </header>
        {children}
      </main>
      <footer class="entry-foot">
        <PlainHttp />
        <LanguageSelect hideLabel onChange={(code) => void speak(code)} />
        {server.value && <p class="small soft" dir="ltr">Hypersend {server.value.version}</p>}
      </footer>
    </div>
  );
}
