import { t } from "../../app";
import { talk } from "../../talk";
import { Icon } from "../../ui/Icon";

/** One quiet line while the connection is away; nothing is lost meanwhile, and it says so. */
export function StatusLine() {
  const status = talk().status.value;
  const text = status === "offline" ? t("status.offline") : status === "connecting" ? t("status.syncing") : status === "syncing" ? t("status.syncing") : null;
  return (
    <div role="status">
      {text && (
        <p class="status-line">
          {status === "offline" ? <Icon name="cloudOff" small /> : <span class="spinner" aria-hidden="true" />}
          {text}
        </p>
      )}
    </div>
  );
}
