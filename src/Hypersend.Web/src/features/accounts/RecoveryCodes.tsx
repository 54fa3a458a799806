import { serverName, session, t } from "../../app";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { CopyButton } from "./CopyButton";

/** Shown once, right after the second step was turned on. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = codes.join("\n");
  return (
    <div class="stack">
      <Notice icon="alert">
        <p><strong>{t("twostep.codes", { count: codes.length })}</strong></p>
        <p>{t("twostep.codes.text")}</p>
      </Notice>
      <ol class="secret codes" dir="ltr">{codes.map((code) => <li key={code}>{code}</li>)}</ol>
      <div class="row">
        <CopyButton text={text} />
        <Button kind="text" icon="download" onClick={() => download(text)}>{t("action.download")}</Button>
      </div>
      <Button onClick={onDone}>{t("twostep.codes.done")}</Button>
    </div>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${serverName()}-${session.user.value?.username ?? ""}-recovery-codes.txt`;
  link.click();
  // The click has started the download with its own reference by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
