import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { i18n, t } from "../../app";
import { SearchField } from "../../ui/SearchField";
import { emojiNames, loadEmojiNames } from "./emojiNames";
import { emojiGroups, findEmoji } from "./emojis";
import { recentEmoji, rememberEmoji } from "./recentEmoji";

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [query, setQuery] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const [recent] = useState(() => recentEmoji(16));
  const names = emojiNames.value;
  const [columns, setColumns] = useState(1);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(() => grid.current && setColumns(columnsOf(grid.current)));
    watcher.observe(grid.current!);
    return () => watcher.disconnect();
  }, []);
  const { code } = i18n.language.value;
  useEffect(() => {
    // Without them the English words are there, and the signs themselves.
    loadEmojiNames().catch(() => undefined);
  }, [code]);
  const found = query.trim() ? findEmoji(query, names) : null;
  const pick = (sign: string): void => {
    rememberEmoji(sign);
    onPick(sign);
  };
  const button = (sign: string, words: string) => {
    const name = names.get(sign)?.name ?? words;
    return (
      <button key={sign} type="button" class="emoji" aria-label={name ? `${sign} ${name}` : sign} title={name} tabIndex={-1} onClick={() => pick(sign)}>{sign}</button>
    );
  };
  return (
    <div class="emoji-picker">
      <SearchField label={t("emoji.search")} value={query} focus={matchMedia("(hover: hover)").matches} onInput={setQuery} />
      {!found && (
        <div class="emoji-tabs">
          {emojiGroups.map((group) => (
            <button
              key={group.name}
              type="button"
              class="emoji"
              aria-label={t(`emoji.${group.name}`)}
              title={t(`emoji.${group.name}`)}
              onClick={() => grid.current?.querySelector(`#emoji-${group.name}`)?.scrollIntoView({ block: "start" })}
            >
              {group.sign}
            </button>
          ))}
        </div>
      )}
      <div class="emoji-grid" ref={grid} tabIndex={0} role="group" aria-label={t("emoji.title")} onKeyDown={walk}>
        {found ? (
          found.length > 0
            ? <div class="emoji-cells">{found.map((emoji) => button(emoji.sign, emoji.words))}</div>
            : <p class="soft pad">{t("search.none")}</p>
        ) : (
          <>
            <div class="emoji-cells">{wholeRows(recent, columns).map((sign) => button(sign, ""))}</div>
            {emojiGroups.map((group) => (
              <section key={group.name} id={`emoji-${group.name}`} aria-label={t(`emoji.${group.name}`)}>
                <hr class="emoji-line" />
                <div class="emoji-cells">{group.emojis.map((emoji) => button(emoji.sign, emoji.words))}</div>
              </section>
            ))}
          </>
        )}
      </div>
    </div>
  );
}

/** As many as fill their rows: one alone in the last would look forgotten. */
const wholeRows = (signs: string[], columns: number): string[] => signs.slice(0, Math.max(columns, signs.length - (signs.length % columns)));

/** The cells fill the width, each by a part of a pixel that `offsetWidth` does not know of. */
const columnsOf = (grid: HTMLElement): number =>
  Math.max(1, Math.round(grid.clientWidth / (grid.querySelector(".emoji-cells .emoji")?.getBoundingClientRect().width || 48)));

/** The arrows walk over the cells, whatever their rows. */
function walk(event: KeyboardEvent): void {
  const grid = event.currentTarget as HTMLElement;
  const cells = [...grid.querySelectorAll<HTMLElement>(".emoji-cells .emoji")];
  const at = cells.indexOf(document.activeElement as HTMLElement);
  const row = columnsOf(grid);
  const onward = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
  const steps: Record<string, number> = { ArrowRight: onward, ArrowLeft: -onward, ArrowDown: row, ArrowUp: -row };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  cells[Math.max(0, Math.min(cells.length - 1, at < 0 ? 0 : at + step))]?.focus();
}
