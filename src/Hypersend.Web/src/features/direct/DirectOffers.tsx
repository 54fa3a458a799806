import { useEffect, useRef } from "preact/hooks";
import { t } from "../../app";
import { bytes } from "../../formats";
import { talk } from "../../talk";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { FactLine } from "../../ui/FactLine";
import { transfersOpen } from "../files/transfersOpen";
import { nameOf } from "../messages/words";
import { notify } from "../shell/notifications";
import { accept, cancel, pickAgain, reject } from "./actions";
import { asksPlace } from "./saving";
import { stateFacts, waitsForMe } from "./words";
import "./direct.css";

/** Somebody wants to send me a file, or a reload left one waiting for me: a card that stays, wherever in the app I go, and takes nothing from what I am doing. */
export function DirectOffers() {
  const { directs } = talk();
  const offers = directs.offers.value;
  const first = offers.at(-1);
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const offer of offers) {
      if (told.current.has(offer.id)) continue;
      told.current.add(offer.id);
      if (!document.hasFocus() && talk().leading.value) notify(t("direct.offer", { name: nameOf(offer.peer) }), offer.card.name, () => undefined, offer.id);
    }
  }, [offers]);
  const stuck = directs.transfers.value.find(waitsForMe);
  return (
    <section class="direct-offers" aria-label={t("direct.title")}>
      <div role="alert" class="unseen">{first && `${t("direct.offer", { name: nameOf(first.peer) })}: ${first.card.name}, ${bytes(first.card.size)}`}</div>
      {/* Under the drawer nothing could be pressed; there the offer has a row with the same answers. */}
      {first && !transfersOpen.value && (
        <div class="direct-offer" key={first.id}>
          <div class="direct-offer-head">
            <Avatar user={first.peer} size="small" />
            <p class="grow">{t("direct.offer", { name: nameOf(first.peer) })}</p>
          </div>
          <p class="direct-offer-file"><strong dir="auto">{first.card.name}</strong> <span class="soft small">{bytes(first.card.size)}</span></p>
          <p class="soft small">{t(first.stored ? "direct.offer.stored" : "direct.offer.text")}</p>
          <div class="row">
            {offers.length > 1 && <span class="soft small grow">{t("direct.offer.more", { count: offers.length - 1 })}</span>}
            <Button kind="text" onClick={() => void reject(first)}>{t("direct.reject")}</Button>
            <Button icon="download" onClick={() => void accept(first)}>{t(asksPlace() ? "direct.saveAs" : "direct.accept")}</Button>
          </div>
        </div>
      )}
      {!first && stuck && !transfersOpen.value && (
        <div class="direct-offer" key={stuck.id}>
          <div class="direct-offer-head">
            <Avatar user={stuck.peer} size="small" />
            <p class="grow">{t(stuck.incoming ? "direct.from" : "direct.to", { name: nameOf(stuck.peer) })}</p>
          </div>
          <p class="direct-offer-file"><strong dir="auto">{stuck.card.name}</strong> <span class="soft small">{bytes(stuck.card.size)}</span></p>
          <p class="soft small"><FactLine facts={stateFacts(stuck)} /></p>
          <div class="row">
            <Button kind="text" onClick={() => void cancel(stuck)}>{t("direct.cancel")}</Button>
            <Button onClick={() => (stuck.incoming ? void accept(stuck) : pickAgain(stuck))}>{t("action.continue")}</Button>
          </div>
        </div>
      )}
    </section>
  );
}
