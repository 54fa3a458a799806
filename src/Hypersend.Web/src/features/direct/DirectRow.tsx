import { t } from "../../app";
import type { DirectTransfer } from "../../core/direct/model";
import { isEnded, mayStore } from "../../core/direct/shown";
import { talk } from "../../talk";
import { Button, IconButton } from "../../ui/Button";
import { FactLine } from "../../ui/FactLine";
import { Icon, type IconName } from "../../ui/Icon";
import { ProgressRing } from "../../ui/Progress";
import { nameOf } from "../messages/words";
import { accept, cancel, pickAgain, reject, store } from "./actions";
import { asksPlace } from "./saving";
import { healthText, mayGo, partOf, routeText, stateFacts, storedFacts } from "./words";

/** One file on its way from one person to another, with all that can be done about it. */
export function DirectRow({ transfer }: { transfer: DirectTransfer }) {
  const name = nameOf(transfer.peer);
  const health = healthText(transfer);
  const copied = isEnded(transfer) ? null : storedFacts(transfer);
  const running = transfer.state === "running" || transfer.state === "waiting";
  return (
    <li class="transfer direct" data-state={transfer.state} data-stored={transfer.stored?.state} data-lost={transfer.change?.from ? (transfer.change.lostMs ?? undefined) : undefined} data-why={transfer.change?.from ? transfer.change.why : undefined}>
      <span class="file-icon"><Control transfer={transfer} /></span>
      <span class="grow file-text">
        <span class="file-name"><bdi>{transfer.card.name}</bdi></span>
        <span class="small soft">{t(transfer.incoming ? "direct.from" : "direct.to", { name })}</span>
        <span class={transfer.state === "failed" ? "small bad numbers" : "small soft numbers"} role={running ? undefined : "status"}><FactLine facts={stateFacts(transfer)} /></span>
        <span class="small file-line">
          {transfer.route && transfer.state === "running" && <span class="route" data-route={transfer.route}>{routeText(transfer.route)}</span>}
          {transfer.verified && transfer.state === "done" && <span class="verified"><Icon name="verified" small />{t("file.verified")}</span>}
        </span>
        {health && <span class="small soft" role="status">{health}</span>}
        {transfer.refused > 0 && <span class="small soft">{t("direct.refused", { count: transfer.refused })}</span>}
        {(transfer.state === "running" || transfer.state === "done") && transfer.route === "relay" && <Sealed transfer={transfer} />}
        {copied && <span class={transfer.stored?.state === "failed" ? "small bad numbers" : "small soft numbers"}><FactLine facts={copied} /></span>}
        {transfer.stored && !isEnded(transfer) && <Readable />}
        {mayStore(transfer) && (
          <span class="direct-way">
            <span class="small soft">{t("direct.store.hint", { name })}</span>
            <Button kind="text" icon="disk" onClick={() => void store(transfer)}>{t("direct.store")}</Button>
          </span>
        )}
        {transfer.incoming && transfer.state === "offered" && (
          <span class="row">
            <Button kind="text" onClick={() => void reject(transfer)}>{t("direct.reject")}</Button>
            <Button kind="tonal" icon="download" onClick={() => void accept(transfer)}>{t(asksPlace() ? "direct.saveAs" : "direct.accept")}</Button>
          </span>
        )}
      </span>
      {!isEnded(transfer) && transfer.state !== "saving" && !(transfer.incoming && transfer.state === "offered") && (
        <IconButton icon="close" label={t("direct.cancel")} onClick={() => void cancel(transfer)} />
      )}
    </li>
  );
}

const ends: Readonly<Partial<Record<DirectTransfer["state"], IconName>>> = { done: "check", failed: "alert", rejected: "ban", cancelled: "close", expired: "clock", elsewhere: "screen" };

function Control({ transfer }: { transfer: DirectTransfer }) {
  const { directs } = talk();
  const { id, state } = transfer;
  const end = mayGo(transfer) ? "check" : ends[state];
  if (end) return <span class="ring-button"><Icon name={end} /></span>;
  if (state === "needs-file") return <Act label={t("transfer.pickAgain")} icon="attach" run={() => pickAgain(transfer)} />;
  if (state === "needs-place") return <Act label={t("direct.needsPlace")} icon="download" run={() => void accept(transfer)} />;
  const paused = state === "paused" && transfer.pausedBy === "me";
  const mayPause = paused || state === "running" || state === "waiting";
  return (
    <span class="ring-frame">
      <ProgressRing value={state === "waiting" || state === "offered" ? null : partOf(transfer)} label={transfer.card.name} />
      {mayPause
        ? <Act label={t(paused ? "action.continue" : "transfer.pause")} icon={paused ? "play" : "pause"} run={() => (paused ? directs.resume(id) : directs.pause(id))} />
        : <span class="ring-button"><Icon name={state === "saving" ? "shield" : state === "paused" ? "pause" : transfer.incoming ? "download" : "send"} /></span>}
    </span>
  );
}

function Act({ label, icon, run }: { label: string; icon: IconName; run: () => void }) {
  return <button type="button" class="ring-button" aria-label={label} title={label} onClick={run}><Icon name={icon} /></button>;
}

const Readable = () => <span class="small soft readable"><Icon name="alert" small /> {t("direct.plain")}</span>;

/** Whether the server could read along, and the numbers that two people compare to be sure that it cannot. */
function Sealed({ transfer }: { transfer: DirectTransfer }) {
  if (!transfer.fingerprint) return <Readable />;
  return (
    <details class="small sealed">
      <summary><Icon name="lock" small /> {t("direct.sealed")}</summary>
      <p class="soft">{t("direct.compare", { name: nameOf(transfer.peer) })}</p>
      <p class="fingerprint numbers" dir="ltr">{transfer.fingerprint}</p>
    </details>
  );
}
