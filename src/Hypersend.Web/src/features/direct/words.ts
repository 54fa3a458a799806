import { errorText, t } from "../../app";
import { isNews } from "../../core/direct/choice";
import type { DirectTransfer } from "../../core/direct/model";
import type { Route } from "../../core/direct/line";
import { isEnded } from "../../core/direct/shown";
import { bytes, percent, remaining, speed } from "../../formats";
import type { Fact } from "../../ui/FactLine";
import { nameOf } from "../messages/words";

export const partOf = ({ received, card, state }: DirectTransfer): number => (card.size > 0 ? received / card.size : state === "done" ? 1 : 0);

export const routeText = (route: Route): string => t(`direct.route.${route}`);

/** The server has all of it, and nobody waits for this page. */
export const mayGo = (transfer: DirectTransfer): boolean => !transfer.incoming && transfer.stored?.state === "whole" && transfer.state !== "running" && !isEnded(transfer);

/** After a reload nothing happens before a file or a place is chosen again. */
export const waitsForMe = (transfer: DirectTransfer): boolean => (transfer.state === "needs-place" || transfer.state === "needs-file") && !mayGo(transfer);

/** How far the copy on the server is; null when this page does not bring it. */
export function storedFacts({ stored, card }: DirectTransfer): readonly Fact[] | null {
  if (stored?.state === "failed") return [stored.problem ? errorText(stored.problem) : t("file.failed")];
  if (stored?.state !== "sending") return null;
  return [
    t("direct.stored.sending"), percent(card.size > 0 ? stored.sent / card.size : 0), stored.speed > 0 && speed(stored.speed),
    stored.problem && errorText(stored.problem),
  ];
}

/** How it goes. */
export function stateFacts(transfer: DirectTransfer): readonly Fact[] {
  const { card, received, incoming } = transfer;
  const name = nameOf(transfer.peer);
  const amount = t("transfer.of", { done: bytes(received), size: bytes(card.size) });
  if (mayGo(transfer)) return [t("direct.stored.whole", { name })];
  switch (transfer.state) {
    case "offered":
      return [incoming ? bytes(card.size) : t("direct.offered", { name })];
    case "waiting":
      if (incoming && transfer.stored) return [routeText("stored"), t("direct.connecting")];
      return [transfer.peerAway ? t("direct.peerLeft", { name }) : t("direct.connecting")];
    case "running":
      return [
        percent(partOf(transfer)), amount, transfer.speed > 0 && speed(transfer.speed),
        transfer.eta !== null && t("transfer.left", { time: remaining(transfer.eta) }),
      ];
    case "paused":
      return [transfer.pausedBy === "peer" ? t("direct.pausedByPeer", { name }) : t("transfer.paused"), amount];
    case "saving":
      return [t("direct.saving")];
    case "needs-file":
      return [t("transfer.pickAgain")];
    case "needs-place":
      return [
        transfer.problem && errorText(transfer.problem), t("direct.needsPlace"),
        transfer.kept !== null && (transfer.kept > 0 ? t("direct.kept", { size: bytes(transfer.kept) }) : t("direct.anew")),
      ];
    case "elsewhere":
      return [t("direct.elsewhere"), received > 0 && amount];
    case "failed":
      return [transfer.problem ? errorText(transfer.problem) : t("file.failed")];
    case "done":
      return [t(incoming ? "direct.received" : "direct.sent"), bytes(card.size)];
    case "rejected":
      return [t("direct.rejected")];
    case "cancelled":
      return [t("transfer.cancelled")];
    case "expired":
      return [t("file.expired")];
  }
}

/** What became of the line, in a sentence; null while there is nothing to tell. */
export function healthText({ change, state }: DirectTransfer): string | null {
  if (!isNews(change) || state !== "running") return null;
  const [from, to] = [routeText(change.from), routeText(change.to)];
  switch (change.why) {
    case "faster":
      return t("direct.health.faster", { from, to, before: speed(change.fromSpeed), now: speed(change.toSpeed ?? 0) });
    case "try":
      return t("direct.health.try", { from, to, before: speed(change.fromSpeed) });
    case "silent":
    case "gone":
      return t("direct.health.lost", { from, to });
    case "first":
      return null;
  }
}
