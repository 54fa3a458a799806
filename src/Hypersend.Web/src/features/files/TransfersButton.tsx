import { i18n, t } from "../../app";
import { talk } from "../../talk";
import { IconButton } from "../../ui/Button";
import { transfersOpen } from "./transfersOpen";

/** The sign in the list's bar while something moves. */
export function TransfersButton() {
  const { transfers, directs } = talk();
  const count = transfers.active.value + directs.active.value;
  if (count === 0 && transfers.transfers.value.length === 0 && directs.transfers.value.length === 0) return null;
  return (
    <span class="badged">
      <IconButton icon="arrowUp" label={t("transfers.title")} onClick={() => (transfersOpen.value = true)} />
      {count > 0 && <span class="count over" aria-hidden="true">{i18n.number(count)}</span>}
    </span>
  );
}
